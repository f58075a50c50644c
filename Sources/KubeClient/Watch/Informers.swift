public import Kubernetes
import Synchronization
public import Telemetry

/// What of a resource a store holds.
public struct InformerDeclaration: Sendable {
  /// The resource.
  public let resource: Resource
  /// Which of its objects.
  public let selection: ObjectSelection
  /// The parts of each object that nobody reads, besides `managedFields`.
  public let dropping: [[String]]

  /// Declares what a store holds of a resource; the default is everything.
  public init(
    _ resource: Resource, _ selection: ObjectSelection = ObjectSelection(), dropping: [[String]] = []
  ) {
    self.resource = resource
    self.selection = selection
    self.dropping = dropping
  }
}

/// Fills a store with the objects of some resources and keeps it in step with the API server.
public final class Informers: Sendable {
  private struct State {
    var pending: Set<Resource>
    var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
    var cancelled: Set<UInt64> = []
    var lastWaiter: UInt64 = 0
  }

  private let client: KubeClient
  private let store: ObjectStore
  private let declarations: [InformerDeclaration]
  private let state: Mutex<State>

  /// Declares what to follow; ``run()`` starts it.
  ///
  /// - Parameter registry: Where the sizes of the store are shown.
  public init(
    _ client: KubeClient, _ store: ObjectStore, _ declarations: [InformerDeclaration],
    registry: MetricRegistry? = nil
  ) {
    self.client = client
    self.store = store
    self.declarations = declarations
    let resources = declarations.map(\.resource)
    state = Mutex(State(pending: Set(resources)))
    registry?.onCollect { [store] metrics in
      for resource in resources {
        metrics.gauge(
          "gatehouse_store_objects", help: "Objects that the informer store holds.",
          labels: ["resource": resource.plural], Double(store.count(resource)))
      }
    }
  }

  /// What is followed.
  public var resources: [Resource] { declarations.map(\.resource) }

  /// Follows all resources until the task is cancelled.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      for declaration in declarations {
        group.addTask { await self.follow(declaration) }
      }
    }
  }

  /// Waits until the first complete list of every resource is in the store; false when the task was cancelled first.
  public func waitUntilSynced() async -> Bool {
    let number = state.withLock { state in
      state.lastWaiter += 1
      return state.lastWaiter
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if state.pending.isEmpty { return true }
          if state.cancelled.remove(number) != nil { return false }
          state.waiters[number] = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        let waiter = state.waiters.removeValue(forKey: number)
        // The task may be cancelled before it waits.
        if waiter == nil { state.cancelled.insert(number) }
        return waiter
      }
      waiter?.resume(returning: false)
    }
  }

  private func follow(_ declaration: InformerDeclaration) async {
    let resource = declaration.resource
    let trim = ObjectTrim(resource, dropping: declaration.dropping)
    await Watch(client, resource, declaration.selection, trim: trim).run { [store] change in
      switch change {
      case .replaced(let objects):
        store.replace(resource, packed: objects)
        self.synced(resource)
      case .set(let object): store.set(resource, object)
      case .removed(let key): store.remove(resource, key)
      }
    }
  }

  private func synced(_ resource: Resource) {
    let waiters = state.withLock { state in
      state.pending.remove(resource)
      guard state.pending.isEmpty else { return [CheckedContinuation<Bool, Never>]() }
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume(returning: true) }
  }
}
