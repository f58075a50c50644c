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
  private let writer: MeteredWriter
  private let passes: [MeteredController]

  init(nodes: Int) async throws {
    let clock = ManualClusterClock()
    server = SimulatedAPIServer(clock: clock, logLimit: 200_000)
    client = InProcessClient(server)
    writer = MeteredWriter(InProcessClient(server, fieldManager: "gatehouse"))
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
    passes = [
      MeteredController(sets, store, [.gameServerSets, .pods, .advancedStatefulSets, .podProbeMarkers]) {
        KeyMapping.gameServerSets($0, old: $1, new: $2)
      },
      MeteredController(servers, store, [.gameServers, .pods]) { KeyMapping.gameServers($0, old: $1, new: $2) },
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
    let controllers = passes.reduce(Duration.zero) { $0 + $1.takeTime() }
    let writes = writer.takeCount()
    return [
      title, "\(Table.decimal(start.instant.duration(to: now.instant) / .seconds(1))) s",
      "\(Table.decimal((now.cpu - start.cpu) / .seconds(1))) s",
      "\(Table.decimal(controllers / .milliseconds(1) / Double(count))) ms each",
      "\(Table.decimal(Double(writes) / Double(count))) each", "\(now.resident >> 20) MB",
    ]
  }
}

/// Runs a reconciler in passes and measures the time that they take; the writes in them are the simulated server's work and count too.
final class MeteredController: SimulatedController {
  let name: String
  private let reconciler: any Reconciler
  private let keys = KeyTimers()
  private let time = Mutex(Duration.zero)

  init(
    _ reconciler: any Reconciler, _ store: ObjectStore, _ resources: [Resource],
    _ map: @escaping @Sendable (Resource, KubernetesObject?, KubernetesObject?) -> [NamespacedName]
  ) {
    name = reconciler.name
    self.reconciler = reconciler
    for resource in resources {
      store.observe(resource) { [keys] old, new in for key in map(resource, old, new) { keys.mark(key) } }
    }
  }

  var nextDue: Timestamp? { keys.next }

  func step(now: Timestamp) async -> Bool {
    let start = ContinuousClock.now
    let due = keys.take(now: now)
    for key in due {
      switch await reconciler.reconcile(key) {
      case .done, .terminal: break
      case .after(let duration): keys.mark(key, at: now + duration)
      case .retry: keys.mark(key, at: now + .seconds(1))
      }
    }
    time.withLock { $0 += .now - start }
    return !due.isEmpty
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
