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
  let store = ObjectStore()
  let probes: ProbeSimulator
  let events = EventLog()
  let writer: CountingWriter
  private let driver: SimulationDriver

  init(nodes: Int = 3, acceptsRanges: Bool = true) async throws {
    server = SimulatedAPIServer(clock: clock)
    client = InProcessClient(server)
    writer = CountingWriter(InProcessClient(server, fieldManager: "gatehouse"))
    for resource in OpenTypes.kruise + OpenTypes.games {
      try await client.create(.customResourceDefinitions, namespace: "", resource)
    }
    let feed = StoreFeed(
      server, into: store,
      [
        .gameServerSets, .gameServers, .advancedStatefulSets, .podProbeMarkers, .pods, .nodes, .controllerRevisions,
        .persistentVolumeClaims, .persistentVolumes,
      ])
    probes = ProbeSimulator(client: client, cluster: store)
    let (clock, store) = (clock, store)
    let now: @Sendable () -> Timestamp = { clock.now() }
    let sets = GameServerSetReconciler(
      cluster: store, writer: writer, events: events,
      features: WorkloadFeatures(acceptsOrdinalRanges: acceptsRanges), now: now)
    let servers = GameServerReconciler(cluster: store, writer: writer, events: events, now: now)
    let reloads = HotReloadReconciler(cluster: store, writer: writer, events: events)
    driver = SimulationDriver(
      clock: clock, feeds: [feed],
      controllers: [
        ReconcilerRunner(sets, store, [.gameServerSets, .pods, .advancedStatefulSets, .podProbeMarkers]) {
          KeyMapping.gameServerSets($0, old: $1, new: $2)
        },
        ReconcilerRunner(servers, store, [.gameServers, .pods]) { KeyMapping.gameServers($0, old: $1, new: $2) },
        ReconcilerRunner(reloads, store, [.gameServers, .pods]) { KeyMapping.gameServers($0, old: $1, new: $2) },
        WorkloadSimulator(client: client, cluster: store), probes, NodeSimulator(client: client, cluster: store),
        CollectorRunner(GarbageCollector(server)),
      ])
    try await NodeSimulator.addNodes(nodes, to: client)
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

/// Runs a reconciler in passes, as a runner would run it in threads.
final class ReconcilerRunner: SimulatedController {
  let name: String
  private let reconciler: any Reconciler
  private let keys = KeyTimers()

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

  /// Brings a key up.
  func mark(_ key: NamespacedName) { keys.mark(key) }

  func step(now: Timestamp) async -> Bool {
    let due = keys.take(now: now)
    for key in due {
      switch await reconciler.reconcile(key) {
      case .done, .terminal: break
      case .after(let duration): keys.mark(key, at: now + duration)
      case .retry: keys.mark(key, at: now + .seconds(1))
      }
    }
    return !due.isEmpty
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

/// Passes writes on and counts them.
final class CountingWriter: ClusterWriter {
  private let client: InProcessClient
  private let total = Mutex(0)
  var count: Int { total.withLock { $0 } }
  init(_ client: InProcessClient) { self.client = client }
  private func note() { total.withLock { $0 += 1 } }

  func create(
    _ resource: Resource, namespace: String, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    note()
    return try await client.create(resource, namespace: namespace, object, isDryRun: isDryRun)
  }

  func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    note()
    return try await client.update(resource, key, subresource: subresource, object, isDryRun: isDryRun)
  }

  func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ patch: ObjectPatch, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    note()
    return try await client.patch(resource, key, subresource: subresource, patch, isDryRun: isDryRun)
  }

  func delete(_ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions) async throws(KubernetesError) {
    note()
    try await client.delete(resource, key, options)
  }

  func create(
    _ resource: Resource, _ key: NamespacedName, subresource: String, _ object: JSONValue
  ) async throws(KubernetesError) {
    note()
    try await client.create(resource, key, subresource: subresource, object)
  }
}
