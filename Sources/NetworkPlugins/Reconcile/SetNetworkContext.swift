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
