public import Kubernetes

/// Runs a reconciler in passes, as its runner would run it in threads: one key after the other, nothing at once.
public final class KeyedController: SimulatedController {
  /// The name in logs.
  public let name: String
  private let keys = KeyTimers()
  private let reconcile: @Sendable (NamespacedName) async -> Duration?

  /// A controller that looks at the keys that changes in a store bring up.
  ///
  /// - Parameters:
  ///   - map: the keys that a change concerns.
  ///   - reconcile: looks at one key, and answers after which time to look again; nil where a change will bring it up.
  public init(
    name: String, _ store: ObjectStore, _ resources: [Resource],
    map: @escaping @Sendable (Resource, KubernetesObject?, KubernetesObject?) -> [NamespacedName],
    reconcile: @escaping @Sendable (NamespacedName) async -> Duration?
  ) {
    self.name = name
    self.reconcile = reconcile
    for resource in resources {
      store.observe(resource) { [keys] old, new in for key in map(resource, old, new) { keys.mark(key) } }
    }
  }

  /// The next moment at which a key comes up.
  public var nextDue: Timestamp? { keys.next }

  /// Brings a key up, as a resync does.
  public func mark(_ key: NamespacedName) { keys.mark(key) }

  /// Looks at the keys that are up.
  public func step(now: Timestamp) async -> Bool {
    let due = keys.take(now: now)
    for key in due {
      if let delay = await reconcile(key) { keys.mark(key, at: now + delay) }
    }
    return !due.isEmpty
  }
}
