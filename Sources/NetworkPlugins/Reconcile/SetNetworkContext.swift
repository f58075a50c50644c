import JSON
public import Kubernetes

/// What a plugin looks at for a whole GameServerSet: what its pods share.
public struct SetNetworkContext: Sendable {
  /// The set; it is there and not on its way out.
  public let set: GameServerSet
  /// The parameters of its network in their order.
  public let parameters: [NetworkParameter]
  /// What is known of the cluster.
  public let cluster: any ClusterReader

  /// Gathers what a plugin looks at.
  public init(set: GameServerSet, parameters: [NetworkParameter], cluster: any ClusterReader) {
    self.set = set
    self.parameters = parameters
    self.cluster = cluster
  }

  /// The key of an object in the set's namespace.
  func key(_ name: String) -> NamespacedName { NamespacedName(set.namespace, name) }
}

extension SetNetworkContext {
  /// The most objects that one pass writes, so that other sets get their turn: a second's worth for an API server.
  static let writeLimit = 200

  /// How far a pod's number may be from what the set's size explains, in numbers that were reserved once and are not any more.
  static let numberSlack = 1000

  /// The highest number that a pod of the set has or is about to have; 0 where there is none.
  ///
  /// Load balancers cost money, so a pod that only carries the set's label, or a number that no set of this size comes to, makes none.
  var highestOrdinal: Int {
    let ordinals = cluster.pods(ofSet: set.key).map(\.name).compactMap { name in
      Ordinal.parse(name).flatMap { name == "\(set.name)-\($0)" ? $0 : nil }
    }
    let reserved = (try? ReserveIDs.parse(set.reserveGameServerIDs))?.count ?? 0
    let limit = set.replicas + reserved + ordinals.count + Self.numberSlack
    return max(0, set.replicas - 1, ordinals.filter { $0 < limit }.max() ?? 0)
  }

  /// Puts a Service of the set into a plan where there is none of that name; one of an older set of that name goes first.
  ///
  /// Services that are there stay as they are: pods are behind them.
  func create(_ draft: ServiceDraft, hash: String = "", in plan: inout NetworkPlan) {
    let live = cluster.object(.services, draft.key)
    if let live {
      let owner = live.metadata.controller
      let isOlder =
        owner?.kind == Resource.gameServerSets.kind && owner?.name == set.name
        && owner?.uid != set.metadata.uid
      if isOlder, !live.metadata.isBeingDeleted { plan.removals.append(NetworkPlan.Removal(.services, live)) }
      return
    }
    create(draft.object(hash: hash, isCut: false, publishesNotReady: nil), in: &plan)
  }

  /// Puts a Service that is there into a plan where it is not as it should be.
  func refresh(_ draft: ServiceDraft, _ live: KubernetesObject, hash: String, in plan: inout NetworkPlan) {
    switch draft.object(hash: hash, isCut: false, publishesNotReady: nil).difference(from: live) {
    case .none: return
    case .gentle(let write), .substantial(let write): add(write, to: &plan)
    }
  }

  private func add(_ write: ObjectWrite, to plan: inout NetworkPlan) {
    guard plan.writes.count < Self.writeLimit else {
      plan.lookAgain = .milliseconds(100)
      return
    }
    plan.writes.append(write)
  }

  /// Puts an object into a plan where there is none of that name.
  func create(_ draft: ObjectDraft, in plan: inout NetworkPlan) {
    guard cluster.object(draft.resource, draft.key) == nil else { return }
    add(ObjectWrite(draft: draft, cleanUp: nil), to: &plan)
  }
}
