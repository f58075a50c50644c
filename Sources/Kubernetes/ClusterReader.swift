/// A set of objects of one resource that an index finds without looking at the others.
public enum ObjectQuery: Sendable, Hashable {
  /// Every object, or every object of a namespace.
  case all(namespace: String?)
  /// The objects with a label, in one namespace; only labels that the store indexes (`GameLabels.ownerSet` always is).
  case label(String, String, namespace: String)
  /// The objects with an owner reference to this unique id.
  case owner(uid: String)
  /// The pods that are bound to a node.
  case node(String)
}

/// What is known of the cluster's state: a read from memory that never waits and never fails.
///
/// What it answers may be older than what the API server holds, never newer.
public protocol ClusterReader: Sendable {
  /// The object of that name, where there is one.
  func object(_ resource: Resource, _ key: NamespacedName) -> KubernetesObject?

  /// The objects of a query, in no particular order.
  func objects(_ resource: Resource, _ query: ObjectQuery) -> [KubernetesObject]

  /// Shows the objects of a query one after the other, in no particular order, without holding all of them at once.
  func forEach(_ resource: Resource, _ query: ObjectQuery, _ body: (KubernetesObject) -> Void)

  /// Whether the first complete list of the resource has arrived.
  func hasSynced(_ resource: Resource) -> Bool
}

extension ClusterReader {
  /// Shows the objects of a query one after the other; for readers that have all of them at hand anyway.
  public func forEach(_ resource: Resource, _ query: ObjectQuery, _ body: (KubernetesObject) -> Void) {
    for object in objects(resource, query) { body(object) }
  }

  /// The GameServerSet of that name.
  public func gameServerSet(_ key: NamespacedName) -> GameServerSet? {
    object(.gameServerSets, key)?.as(GameServerSet.self)
  }

  /// The GameServer of that name.
  public func gameServer(_ key: NamespacedName) -> GameServer? { object(.gameServers, key)?.as(GameServer.self) }

  /// The pod of that name.
  public func pod(_ key: NamespacedName) -> Pod? { object(.pods, key)?.as(Pod.self) }

  /// The pods of a GameServerSet, those that are being deleted included.
  public func pods(ofSet key: NamespacedName) -> [Pod] {
    objects(.pods, .label(GameLabels.ownerSet, key.name, namespace: key.namespace)).map { $0.as(Pod.self) }
  }
}
