import KubeClient
import Kubernetes
import SimulatedCluster

/// Nodes, OpenKruise's workload controller and its probes as ordinary clients of a real API server.
struct OutsideSimulation: Sendable {
  private let client: KubeClient
  private let store = ObjectStore()
  private let informers: Informers
  private let controllers: [any SimulatedController]

  init(_ client: KubeClient) {
    self.client = client
    let resources = Set(
      WorkloadSimulator.resources + NodeSimulator.resources + ProbeSimulator.resources + [.persistentVolumeClaims])
    informers = Informers(client, store, resources.map { InformerDeclaration($0) })
    controllers = [
      WorkloadSimulator(client: client, cluster: store), NodeSimulator(client: client, cluster: store),
      ProbeSimulator(client: client, cluster: store),
    ]
  }

  /// Lives until the task is cancelled, twenty times as fast as outside.
  func run(nodes: Int) async {
    try? await NodeSimulator.addNodes(nodes, to: client)
    let clock = ScaledClock(speed: 20)
    await withDiscardingTaskGroup { group in
      group.addTask { await informers.run() }
      guard await informers.waitUntilSynced() else { return }
      while !Task.isCancelled {
        for controller in controllers { _ = await controller.step(now: clock.now()) }
        // The pace of simulated nodes, not a wait for anything.
        try? await Task.sleep(for: .milliseconds(20))
      }
    }
  }
}
