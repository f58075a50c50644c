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

  /// The highest number that a pod of the set has or is about to have; 0 where there is none.
  var highestOrdinal: Int {
    max(0, set.replicas - 1, cluster.pods(ofSet: set.key).map(\.ordinal).max() ?? 0)
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

  /// Puts an object into a plan where there is none of that name.
  func create(_ draft: ObjectDraft, in plan: inout NetworkPlan) {
    guard cluster.object(draft.resource, draft.key) == nil else { return }
    guard plan.writes.count < Self.writeLimit else {
      plan.lookAgain = .milliseconds(100)
      return
    }
    plan.writes.append(ObjectWrite(draft: draft, cleanUp: nil))
  }
}
