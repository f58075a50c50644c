import JSON
public import Kubernetes

extension KeyMapping {
  /// The resources that the network controllers watch besides those that plugins name.
  public static let networkResources: [Resource] = [.pods, .services, .ingresses, .gameServerSets, .nodes]

  /// The pods whose network a change concerns; what concerns many pods at once is in ``networkGroups(_:old:new:)``.
  public static func networkPods(
    _ resource: Resource, old: KubernetesObject?, new: KubernetesObject?
  ) -> [NamespacedName] {
    switch resource {
    case .gameServerSets, .nodes: return []
    case .pods:
      guard [old, new].contains(where: { $0?.metadata.annotations.contains(GameAnnotations.networkType) == true })
      else { return [] }
      return (new ?? old).map { [$0.key] } ?? []
    default: return unique([old, new].compactMap { $0.flatMap(pod) })
    }
  }

  /// The pod that an object was made for: its owner, or what it says of itself, or the pod of its own name.
  private static func pod(_ object: KubernetesObject) -> NamespacedName? {
    let metadata = object.metadata
    guard poolSet(metadata) == nil else { return nil }
    let owner = metadata.controller
    if let owner, owner.kind == Resource.pods.kind { return NamespacedName(metadata.namespace, owner.name) }
    let selector = object.json["spec"]?["selector"]
    for name in [
      selector?[GameLabels.podName]?.string, selector?["game.kruise.io/svc-selector-disabled"]?.string,
      metadata.labels[GameLabels.podName],
    ] {
      if let name { return NamespacedName(metadata.namespace, name) }
    }
    // Objects of the clouds that belong to nobody of ours have the name of their pod.
    return selector == nil || owner == nil ? object.key : nil
  }

  /// The nodes and GameServerSets whose pods' networks a change concerns; a node's key has no namespace.
  public static func networkGroups(
    _ resource: Resource, old: KubernetesObject?, new: KubernetesObject?
  ) -> [NamespacedName] {
    switch resource {
    case .pods: return []
    case .nodes:
      let before = old?.json["status"]?["addresses"]
      let after = new?.json["status"]?["addresses"]
      return same(before, after) && old != nil && new != nil ? [] : (new ?? old).map { [$0.key] } ?? []
    case .gameServerSets:
      guard let new = new?.as(GameServerSet.self) else { return old.map { [$0.key] } ?? [] }
      guard let old = old?.as(GameServerSet.self) else { return [new.key] }
      return concernsPods(old, new) ? [new.key] : []
    default: return unique([old, new].compactMap { object in object.flatMap { pod($0) == nil ? set($0) : nil } })
    }
  }

  /// The pods of a node or GameServerSet that ``networkGroups(_:old:new:)`` named; asks the store, so it must not run in an observer.
  public static func networkPods(of group: NamespacedName, in cluster: any ClusterReader) -> [NamespacedName] {
    var keys: [NamespacedName] = []
    let query: ObjectQuery =
      group.namespace.isEmpty
      ? .node(group.name) : .label(GameLabels.ownerSet, group.name, namespace: group.namespace)
    cluster.forEach(.pods, query) { pod in
      if pod.metadata.annotations.contains(GameAnnotations.networkType) { keys.append(pod.key) }
    }
    return keys
  }

  /// The GameServerSets whose shared objects a change concerns.
  public static func networkSets(
    _ resource: Resource, old: KubernetesObject?, new: KubernetesObject?
  ) -> [NamespacedName] {
    switch resource {
    case .gameServerSets: return (new ?? old).map { [$0.key] } ?? []
    case .nodes: return []
    case .pods:
      // Only coming and going changes which numbers there are.
      guard old == nil || new == nil, let pod = new ?? old, let set = pod.metadata.labels[GameLabels.ownerSet] else {
        return []
      }
      return [NamespacedName(pod.namespace, set)]
    default: return unique([old, new].compactMap { $0.flatMap(set) })
    }
  }

  /// The labels by which objects of clouds name their GameServerSet where they must outlive it.
  private static let poolLabels = ["game.kruise.io/nlb-pool-gss", "game.kruise.io/eip-pool-gss"]

  private static func poolSet(_ metadata: ObjectMetadata) -> String? {
    poolLabels.lazy.compactMap { metadata.labels[$0] }.first
  }

  private static func set(_ object: KubernetesObject) -> NamespacedName? {
    let metadata = object.metadata
    if let owner = metadata.controller {
      return owner.kind == Resource.gameServerSets.kind ? NamespacedName(metadata.namespace, owner.name) : nil
    }
    return poolSet(metadata).map { NamespacedName(metadata.namespace, $0) }
  }

  private static func concernsPods(_ old: GameServerSet, _ new: GameServerSet) -> Bool {
    func isUpdated(_ set: GameServerSet) -> Bool { set.status?["updatedReplicas"]?.int == set.status?["replicas"]?.int }
    func images(_ set: GameServerSet) -> [String] { set.templateContainers.map(\.image) }
    return old.metadata.uid != new.metadata.uid || old.metadata.isBeingDeleted != new.metadata.isBeingDeleted
      || isUpdated(old) != isUpdated(new) || !same(old.network?.json, new.network?.json) || images(old) != images(new)
  }

  private static func same(_ one: JSONView?, _ other: JSONView?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return one.isEqual(to: other)
  }
}
