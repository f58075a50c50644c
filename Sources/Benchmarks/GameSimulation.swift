import Controllers
import JSON
import Kubernetes
import SimulatedCluster
import Synchronization

/// A simulated cluster with the product's controllers, and a meter on what the controllers do.
final class GameSimulation: Sendable {
  private let server: SimulatedAPIServer
  private let client: InProcessClient
  private let store = ObjectStore()
  private let driver: SimulationDriver
  private let writer: InterceptedWriter
  private let writesBefore = Mutex(0)
  private let meters: [MeteredReconciler]

  init(nodes: Int) async throws {
    let clock = ManualClusterClock()
    server = SimulatedAPIServer(clock: clock, logLimit: 200_000)
    client = InProcessClient(server)
    writer = InterceptedWriter(InProcessClient(server, fieldManager: "gatehouse"))
    for type in OpenTypes.kruise + OpenTypes.games {
      try await client.create(.customResourceDefinitions, namespace: "", type)
    }
    let feed = StoreFeed(
      server, into: store,
      [
        .gameServerSets, .gameServers, .advancedStatefulSets, .podProbeMarkers, .pods, .nodes, .controllerRevisions,
        .persistentVolumeClaims,
      ])
    let now: @Sendable () -> Timestamp = { clock.now() }
    let sets = GameServerSetReconciler(
      cluster: store, writer: writer, events: SilentRecorder(), features: WorkloadFeatures(acceptsOrdinalRanges: true),
      now: now)
    let servers = GameServerReconciler(cluster: store, writer: writer, events: SilentRecorder(), now: now)
    meters = [MeteredReconciler(sets), MeteredReconciler(servers)]
    let passes = [
      meters[0].controller(store, [.gameServerSets, .pods, .advancedStatefulSets, .podProbeMarkers]) {
        KeyMapping.gameServerSets($0, old: $1, new: $2)
      },
      meters[1].controller(store, [.gameServers, .pods]) { KeyMapping.gameServers($0, old: $1, new: $2) },
    ]
    driver = SimulationDriver(
      clock: clock, feeds: [feed],
      controllers: passes + [
        WorkloadSimulator(client: client, cluster: store), NodeSimulator(client: client, cluster: store),
      ])
    try await NodeSimulator.addNodes(nodes, to: client)
  }

  func run(_ duration: Duration) async throws { try await driver.run(for: duration) }

  func createSet(_ name: String, replicas: Int) async throws {
    let set: JSONValue = [
      "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet", "metadata": ["name": .string(name)],
      "spec": [
        "replicas": .int(replicas),
        "updateStrategy": ["rollingUpdate": ["podUpdatePolicy": "InPlaceIfPossible", "maxUnavailable": "100%"]],
        "gameServerTemplate": [
          "metadata": ["labels": ["app": .string(name)]],
          "spec": ["containers": [["name": "game", "image": "game:1"], ["name": "metrics", "image": "metrics:1"]]],
        ],
      ],
    ]
    try await client.create(.gameServerSets, namespace: "default", set)
  }

  func update(_ name: String, image: String) async throws {
    let containers: JSONValue = [
      ["name": "game", "image": .string(image)], ["name": "metrics", "image": "metrics:1"],
    ]
    try await client.patch(
      .gameServerSets, NamespacedName("default", name),
      .merge(["spec": ["gameServerTemplate": ["spec": ["containers": containers]]]]))
  }

  var readyServers: Int {
    store.objects(.gameServers, .all(namespace: nil)).count {
      $0.json["status"]?["currentState"]?.isString("Ready") ?? false
    }
  }

  /// A line on what happened since a reading; the meters start anew.
  func row(_ title: String, since start: ProcessReading, perServer count: Int) -> [String] {
    let now = ProcessReading.now
    let controllers = meters.reduce(Duration.zero) { $0 + $1.takeTime() }
    let total = writer.count
    let writes = writesBefore.withLock { before in
      defer { before = total }
      return total - before
    }
    return [
      title, "\(Table.decimal(start.instant.duration(to: now.instant) / .seconds(1))) s",
      "\(Table.decimal((now.cpu - start.cpu) / .seconds(1))) s",
      "\(Table.decimal(controllers / .milliseconds(1) / Double(count))) ms each",
      "\(Table.decimal(Double(writes) / Double(count))) each", "\(now.resident >> 20) MB",
    ]
  }
}

/// A reconciler and the time that its passes take; the writes in them are the simulated server's work and count too.
final class MeteredReconciler: Sendable {
  private let reconciler: any Reconciler
  private let time = Mutex(Duration.zero)

  init(_ reconciler: any Reconciler) { self.reconciler = reconciler }

  func controller(
    _ store: ObjectStore, _ resources: [Resource],
    _ map: @escaping @Sendable (Resource, KubernetesObject?, KubernetesObject?) -> [NamespacedName]
  ) -> KeyedController {
    KeyedController(name: reconciler.name, store, resources, map: map) { [self] key in
      let start = ContinuousClock.now
      let outcome = await reconciler.reconcile(key)
      time.withLock { $0 += .now - start }
      return switch outcome {
      case .done, .terminal: nil
      case .after(let duration): duration
      case .retry: .seconds(1)
      }
    }
  }

  func takeTime() -> Duration {
    time.withLock { time in
      defer { time = .zero }
      return time
    }
  }
}

/// Throws events away.
struct SilentRecorder: EventRecorder {
  func record(_ event: ClusterEvent, on object: ObjectReference) {}
}
