import Controllers
import JSON
import Kubernetes
import SimulatedCluster
import Synchronization

/// A simulated cluster with the product's controllers in it and a clock that the test moves.
final class Harness: Sendable {
  let clock = ManualClusterClock()
  let server: SimulatedAPIServer
  let client: InProcessClient
  /// The cluster as it is.
  let store = ObjectStore()
  /// The cluster as the product's controllers see it: the same, but where a test makes them lag behind.
  let cache = ObjectStore()
  let cacheFeed: StoreFeed
  let probes: ProbeSimulator
  let events = EventLog()
  let writer: InterceptedWriter
  private let driver: SimulationDriver
  private let reconcilers: [KeyedController]

  init(
    nodes: Int = 3, acceptsRanges: Bool = true, beside others: [any SimulatedController] = [],
    judge: @escaping @Sendable (Int) -> InterceptedWriter.Verdict = { _ in .pass }
  ) async throws {
    server = SimulatedAPIServer(clock: clock)
    client = InProcessClient(server)
    writer = InterceptedWriter(BoundWriter(InProcessClient(server, fieldManager: "gatehouse")), judge: judge)
    for resource in OpenTypes.kruise + OpenTypes.games {
      try await client.create(.customResourceDefinitions, namespace: "", resource)
    }
    let feed = StoreFeed(server, into: store, Self.kept)
    cacheFeed = StoreFeed(server, into: cache, Self.kept)
    probes = ProbeSimulator(client: client, cluster: store)
    let (clock, cache) = (clock, cache)
    let now: @Sendable () -> Timestamp = { clock.now() }
    let sets = GameServerSetReconciler(
      cluster: cache, writer: writer, events: events,
      features: WorkloadFeatures(acceptsOrdinalRanges: acceptsRanges), now: now)
    let servers = GameServerReconciler(cluster: cache, writer: writer, events: events, now: now)
    let reloads = HotReloadReconciler(cluster: cache, writer: writer, events: events)
    reconcilers = [
      ReconcilerRunner(sets, cache, [.gameServerSets, .pods, .advancedStatefulSets, .podProbeMarkers]) {
        KeyMapping.gameServerSets($0, old: $1, new: $2)
      }, ReconcilerRunner(servers, cache, [.gameServers, .pods]) { KeyMapping.gameServers($0, old: $1, new: $2) },
      ReconcilerRunner(reloads, cache, [.gameServers, .pods]) { KeyMapping.hotReloads($0, old: $1, new: $2) },
    ]
    driver = SimulationDriver(
      clock: clock, feeds: [feed, cacheFeed],
      controllers: reconcilers + [
        WorkloadSimulator(client: client, cluster: store), probes, NodeSimulator(client: client, cluster: store),
        CollectorRunner(GarbageCollector(server)),
      ] + others)
    try await NodeSimulator.addNodes(nodes, to: client)
  }

  private static let kept: [Resource] = [
    .gameServerSets, .gameServers, .advancedStatefulSets, .podProbeMarkers, .pods, .nodes, .controllerRevisions,
    .persistentVolumeClaims, .persistentVolumes,
  ]

  /// Brings up every key of the product's controllers, as a resync does.
  func resync() {
    for set in cache.objects(.gameServerSets, .all(namespace: nil)) { reconcilers[0].mark(set.key) }
    for pod in cache.objects(.pods, .all(namespace: nil)) {
      for reconciler in reconcilers[1...] { reconciler.mark(pod.key) }
    }
    for server in cache.objects(.gameServers, .all(namespace: nil)) { reconcilers[1].mark(server.key) }
  }

  func run(_ duration: Duration = .seconds(60)) async throws { try await driver.run(for: duration) }
  func settle() async throws { try await driver.settle() }

  func apply(_ set: JSONValue) async throws {
    try await client.create(.gameServerSets, namespace: "default", set)
  }

  func patchSet(_ name: String, _ patch: JSONValue) async throws {
    try await client.patch(.gameServerSets, NamespacedName("default", name), .merge(patch))
  }

  func patchServer(_ name: String, _ spec: JSONValue) async throws {
    try await client.patch(.gameServers, NamespacedName("default", name), .merge(["spec": spec]))
  }

  func ordinals(_ set: String = "demo") -> [Int] {
    store.pods(ofSet: NamespacedName("default", set)).map(\.ordinal).sorted()
  }

  func server(_ name: String) -> GameServer? { store.gameServer(NamespacedName("default", name)) }
  func pod(_ name: String) -> Pod? { store.pod(NamespacedName("default", name)) }
  func set(_ name: String = "demo") -> GameServerSet? { store.gameServerSet(NamespacedName("default", name)) }
}

/// Reconcilers and writers under the names that tests call them by.
typealias ReconcilerRunner = KeyedController
typealias CountingWriter = InterceptedWriter

extension KeyedController {
  /// Runs a reconciler of the product; a failed pass is repeated a second later.
  convenience init(
    _ reconciler: any Reconciler, _ store: ObjectStore, _ resources: [Resource],
    _ map: @escaping @Sendable (Resource, KubernetesObject?, KubernetesObject?) -> [NamespacedName]
  ) {
    self.init(name: reconciler.name, store, resources, map: map) { key in
      switch await reconciler.reconcile(key) {
      case .done, .terminal: nil
      case .after(let duration): duration
      case .retry: .seconds(1)
      }
    }
  }
}

/// Runs garbage collection in passes.
struct CollectorRunner: SimulatedController {
  let name = "garbage-collector"
  private let collector: GarbageCollector
  init(_ collector: GarbageCollector) { self.collector = collector }
  var nextDue: Timestamp? { nil }
  func step(now: Timestamp) async -> Bool { await collector.step() }
}

/// Keeps the events that controllers record.
final class EventLog: EventRecorder {
  private let list = Mutex<[(ClusterEvent, ObjectReference)]>([])
  func record(_ event: ClusterEvent, on object: ObjectReference) { list.withLock { $0.append((event, object)) } }
  func reasons(_ name: String) -> [String] { list.withLock { $0.filter { $0.1.key.name == name }.map(\.0.reason) } }
  func messages(_ reason: String) -> [String] { list.withLock { $0.filter { $0.0.reason == reason }.map(\.0.message) } }
}
