public import Kubernetes
internal import Synchronization

/// The counts of every set, kept up to date by the store's changes: an answer costs the same for ten pods and ten thousand.
public final class SetIndex: Sendable {
  /// Names a subscription, to end it.
  struct Subscription: Hashable {
    let key: NamespacedName
    let number: UInt64
  }

  private struct State {
    var sets: [NamespacedName: SetEntry] = [:]
    var subscribers: [NamespacedName: [UInt64: @Sendable () -> Void]] = [:]
    var lastNumber: UInt64 = 0
  }

  private let store: ObjectStore
  private let state = Mutex(State())

  /// Begins to follow a store; what it holds already is counted at once.
  public init(following store: ObjectStore) {
    self.store = store
    store.observe(.gameServerSets) { [weak self] old, new in self?.changeSet(old, new) }
    store.observe(.pods) { [weak self] old, new in self?.changePod(old, new) }
  }

  /// Whether the store has seen the cluster's sets and pods once.
  public var hasSynced: Bool { store.hasSynced(.gameServerSets) && store.hasSynced(.pods) }

  /// A set and its servers now; nil where there is no such set.
  /// - Parameter capacity: How many players a server takes, where free places are to be counted.
  public func snapshot(_ key: NamespacedName, capacity: Int? = nil) -> SetSnapshot? {
    state.withLock { $0.sets[key]?.snapshot(capacity: capacity) }
  }

  /// Calls back after every change of a set or its pods, on the thread that makes the change and within it: the callback must be
  /// quick and must not call the store.
  func subscribe(_ key: NamespacedName, _ changed: @escaping @Sendable () -> Void) -> Subscription {
    state.withLock { state in
      state.lastNumber += 1
      state.subscribers[key, default: [:]][state.lastNumber] = changed
      return Subscription(key: key, number: state.lastNumber)
    }
  }

  /// Ends a subscription.
  func cancel(_ subscription: Subscription) {
    state.withLock { state in
      state.subscribers[subscription.key]?[subscription.number] = nil
      if state.subscribers[subscription.key]?.isEmpty == true { state.subscribers[subscription.key] = nil }
    }
  }

  /// How many subscriptions are open.
  var subscriptionCount: Int { state.withLock { $0.subscribers.values.reduce(0) { $0 + $1.count } } }
}

extension SetIndex {
  private func changeSet(_ old: KubernetesObject?, _ new: KubernetesObject?) {
    guard let key = (new ?? old)?.key else { return }
    let facts = new.map { SetFacts($0.as(GameServerSet.self)) }
    update(key) { $0.set(facts) }
  }

  private func changePod(_ old: KubernetesObject?, _ new: KubernetesObject?) {
    let (before, after) = (old.flatMap(Self.owner), new.flatMap(Self.owner))
    if let before, before != after, let name = old?.name { update(before) { $0.set(nil, named: name) } }
    guard let after, let new else { return }
    let facts = PodFacts(new.as(Pod.self))
    let name = new.name
    update(after) { $0.set(facts, named: name) }
  }

  private static func owner(_ object: KubernetesObject) -> NamespacedName? {
    object.metadata.labels[GameLabels.ownerSet].map { NamespacedName(object.namespace, $0) }
  }

  private func update(_ key: NamespacedName, _ change: (inout SetEntry) -> Void) {
    let callbacks = state.withLock { state -> [@Sendable () -> Void] in
      change(&state.sets[key, default: SetEntry()])
      if state.sets[key]?.isEmpty == true { state.sets[key] = nil }
      return state.subscribers[key].map { Array($0.values) } ?? []
    }
    for callback in callbacks { callback() }
  }
}

extension SetFacts {
  /// Reads a set; reserved ordinals that cannot be read are those that admission refuses, so none are taken then.
  init(_ set: GameServerSet) {
    self.init(
      replicas: set.replicas, currentReplicas: set.currentReplicas,
      waitToBeDeletedReplicas: set.waitToBeDeletedReplicas,
      reserved: (try? ReserveIDs.parse(set.reserveGameServerIDs)) ?? [])
  }
}
