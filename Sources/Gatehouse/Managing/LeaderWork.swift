import Controllers
import Kubernetes
import Logging
import Synchronization
import Telemetry

/// The controllers while this replica leads: queues that changes of the store fill, and runners that empty them.
final class LeaderWork: Sendable {
  /// How often to see whether a queue had no room for a key.
  private static let overflowInterval = Duration.seconds(5)

  private struct Entry: Sendable {
    let declaration: ControllerDeclaration
    let store: ObjectStore
    let gate = QueueGate()
    let detourGate = QueueGate()
    let metrics: QueueMetrics
  }

  private let entries: [Entry]
  private let resync: Duration?
  private let leading: Gauge
  private let leads = Atomic(false)
  private let log: Logger

  /// Follows the changes of each controller's store; works on nothing yet.
  ///
  /// - Parameter resync: how often every key is worked on again, whether anything changed or not; nil for never.
  init(
    _ controllers: [(ControllerDeclaration, ObjectStore)], resync: Duration? = nil, _ registry: MetricRegistry,
    _ log: Logger
  ) {
    (self.resync, self.log) = (resync, log)
    leading = registry.gauge("gatehouse_leader", help: "1 on the replica that runs the controllers.")
    entries = controllers.map { declaration, store in
      let entry = Entry(
        declaration: declaration, store: store, metrics: QueueMetrics(registry, controller: declaration.name))
      Self.observe(store, declaration.watches, declaration.keys, entry.gate, declaration.gathering)
      if let detour = declaration.detour { Self.observe(store, detour.watches, detour.keys, entry.detourGate, [:]) }
      return entry
    }
  }

  /// Whether this replica runs the controllers.
  var isLeading: Bool { leads.load(ordering: .acquiring) }

  /// Works until ``finish()`` was called and the queues are empty, or the task is cancelled.
  func run(_ context: ControllerContext) async {
    leads.store(true, ordering: .releasing)
    leading.set(1)
    await withDiscardingTaskGroup { group in
      for entry in entries { group.addTask { await self.run(entry, context) } }
    }
    leads.store(false, ordering: .releasing)
    leading.set(0)
  }

  /// Takes nothing more on; what waits is still worked on.
  func finish() {
    for entry in entries {
      entry.detourGate.finish()
      entry.gate.finish()
    }
  }

  private func run(_ entry: Entry, _ context: ControllerContext) async {
    let queue = WorkQueue<NamespacedName>(metrics: entry.metrics)
    entry.gate.open(queue)
    defer { entry.gate.shut() }
    fill(queue, entry)
    let trace = context.tracer.flatMap { entry.declaration.trace?($0, context.cluster) }
    let runner = Runner(
      entry.declaration.make(context), queue, workers: entry.declaration.workers, trace: trace, log: log)
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await runner.run()
        return true
      }
      group.addTask {
        await self.runDetour(entry, queue)
        return false
      }
      group.addTask {
        await self.watchOverflow(queue, entry)
        return false
      }
      group.addTask {
        await self.keepResyncing(queue, entry)
        return false
      }
      for await isRunner in group where isRunner { group.cancelAll() }
    }
  }

  /// Every key that the store leads to: what happened before this term is caught up with.
  private func fill(_ queue: WorkQueue<NamespacedName>, _ entry: Entry) {
    for key in entry.declaration.initialKeys { queue.add(key) }
    for resource in entry.declaration.watches {
      entry.store.forEach(resource, .all(namespace: nil)) { object in
        for key in entry.declaration.keys(resource, nil, object) { queue.add(key) }
      }
    }
  }

  private func watchOverflow(_ queue: WorkQueue<NamespacedName>, _ entry: Entry) async {
    while !Task.isCancelled {
      try? await Task.sleep(for: Self.overflowInterval)
      if queue.takeOverflow() { fill(queue, entry) }
    }
  }

  /// Brings every key up again in each period, for who does not trust watches; reconcilers write only what is not as it should be.
  private func keepResyncing(_ queue: WorkQueue<NamespacedName>, _ entry: Entry) async {
    guard let resync else { return }
    while !Task.isCancelled {
      try? await Task.sleep(for: resync)
      if !Task.isCancelled { fill(queue, entry) }
    }
  }

  private func runDetour(_ entry: Entry, _ queue: WorkQueue<NamespacedName>) async {
    guard let detour = entry.declaration.detour else { return }
    let waypoints = WorkQueue<NamespacedName>()
    entry.detourGate.open(waypoints)
    defer { entry.detourGate.shut() }
    let expansion = DetourReconciler(
      name: entry.declaration.name, cluster: entry.store, queue: queue, expand: detour.expand)
    await Runner(expansion, waypoints, workers: 1, log: log).run()
  }

  private static func observe(
    _ store: ObjectStore, _ resources: [Resource], _ keys: @escaping ControllerDeclaration.KeyMap, _ gate: QueueGate,
    _ gathering: [Resource: Duration]
  ) {
    for resource in resources {
      let delay = gathering[resource]
      store.observe(resource) { old, new in gate.add(keys(resource, old, new), after: delay) }
    }
  }
}

/// Follows a detour: asks the store, outside of its observers, which keys an object in between leads to.
private struct DetourReconciler: Reconciler {
  let name: String
  let cluster: any ClusterReader
  let queue: WorkQueue<NamespacedName>
  let expand: @Sendable (any ClusterReader, NamespacedName) -> [NamespacedName]

  func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    for key in expand(cluster, key) { queue.add(key) }
    return .done
  }
}
