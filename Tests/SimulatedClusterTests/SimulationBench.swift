import JSON
import Kubernetes

@testable import SimulatedCluster

/// A cluster with all simulators and a clock that stands still.
struct SimulationBench {
  let clock = ManualClusterClock()
  let server: SimulatedAPIServer
  let client: InProcessClient
  let store = ObjectStore()
  let nodes: NodeSimulator
  let balancers: LoadBalancerSimulator
  let probes: ProbeSimulator
  private let driver: SimulationDriver

  init(nodes count: Int = 3, podsPerNode: Int = 110, logLimit: Int = 20_000) async throws {
    server = SimulatedAPIServer(clock: clock, logLimit: logLimit)
    client = InProcessClient(server)
    let feed = StoreFeed(
      server, into: store,
      [
        .advancedStatefulSets, .podProbeMarkers, .pods, .nodes, .controllerRevisions, .persistentVolumeClaims,
        .services, .ingresses,
      ])
    nodes = NodeSimulator(client: client, cluster: store)
    balancers = LoadBalancerSimulator(client: client, cluster: store)
    probes = ProbeSimulator(client: client, cluster: store)
    driver = SimulationDriver(
      clock: clock, feeds: [feed],
      controllers: [
        WorkloadSimulator(client: client, cluster: store), nodes, balancers, probes, GarbageCollector(server),
        NamespaceCollector(server),
      ])
    for definition in OpenTypes.kruise + OpenTypes.games {
      try await client.create(.customResourceDefinitions, namespace: "", definition)
    }
    try await NodeSimulator.addNodes(count, to: client, podsPerNode: podsPerNode)
  }

  func run(_ duration: Duration) async throws { try await driver.run(for: duration) }
  func settle() async throws { try await driver.settle() }

  func key(_ name: String) -> NamespacedName { NamespacedName("default", name) }

  func pod(_ name: String) -> Pod? { server.stored(.pods, key(name))?.as(Pod.self) }

  func createPod(_ name: String, image: String = "game:1", hostPort: Int? = nil, node: String? = nil) async throws {
    var container: JSONValue = ["name": "game", "image": .string(image)]
    if let hostPort { container["ports"] = [["containerPort": 80, "hostPort": .int(hostPort)]] }
    var spec: JSONValue = ["containers": [container]]
    spec["nodeName"] = node.map(JSONValue.string)
    try await client.create(.pods, namespace: "default", ["metadata": ["name": .string(name)], "spec": spec])
  }

  /// A workload of the name `web`.
  func createWorkload(replicas: Int, _ more: [(String, JSONValue)] = []) async throws {
    var spec: JSONValue = [
      "replicas": .int(replicas), "serviceName": "web", "podManagementPolicy": "Parallel",
      "selector": ["matchLabels": ["app": "web"]],
      "template": [
        "metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "game", "image": "game:1"]]],
      ],
    ]
    for (name, value) in more { spec[name] = value }
    try await client.create(
      .advancedStatefulSets, namespace: "default",
      [
        "apiVersion": .string(Resource.advancedStatefulSets.apiVersion), "kind": "StatefulSet",
        "metadata": ["name": "web"], "spec": spec,
      ])
  }

  func patchWorkload(_ spec: JSONValue) async throws {
    try await client.patch(.advancedStatefulSets, key("web"), .merge(["spec": spec]))
  }

  /// The pods of the workload with their images, in order: `0 game:1`.
  var pods: [String] {
    server.all(.pods).map { $0.as(Pod.self) }.sorted { $0.ordinal < $1.ordinal }
      .map { "\($0.ordinal) \($0.containers.first?.image ?? "")" }
  }
}
