import JSON
public import Kubernetes

/// Which keys a change of an object brings up for a controller.
///
/// Pure and quick: it runs inside the store, once for each change of the cluster.
public enum KeyMapping {
  /// The GameServerSets that a change concerns.
  public static func gameServerSets(
    _ resource: Resource, old: KubernetesObject?, new: KubernetesObject?
  ) -> [NamespacedName] {
    switch resource {
    case .gameServerSets: return key(old, new).map { [$0] } ?? []
    case .podProbeMarkers:
      // Only its coming, its going and its being observed matter; its name is that of its set.
      if let old = old?.as(PodProbeMarker.self), let new = new?.as(PodProbeMarker.self),
        old.observedGeneration == new.observedGeneration, old.metadata.generation == new.metadata.generation
      {
        return []
      }
      return key(old, new).map { [$0] } ?? []
    case .pods:
      // A starting pod changes a dozen times, and each pass looks at all pods of its set.
      if let old, let new, PodFacts(old) == PodFacts(new) { return [] }
      return unique([old, new].compactMap { $0.flatMap(ownerSet) })
    case .advancedStatefulSets: return unique([old, new].compactMap { $0.flatMap(controllingSet) })
    default: return []
    }
  }

  /// The GameServers that a change concerns; nodes concern those of their pods, which ``nodes(_:old:new:)`` leads to.
  public static func gameServers(
    _ resource: Resource, old: KubernetesObject?, new: KubernetesObject?
  ) -> [NamespacedName] {
    switch resource {
    case .gameServers: return key(old, new).map { [$0] } ?? []
    case .pods:
      guard [old, new].contains(where: { $0.flatMap(ownerSet) != nil }) else { return [] }
      return key(old, new).map { [$0] } ?? []
    default: return []
    }
  }

  /// The pods of sets that came or went; what happens to a pod between the two changes nothing about how it was admitted.
  public static func newPods(
    _ resource: Resource, old: KubernetesObject?, new: KubernetesObject?
  ) -> [NamespacedName] {
    guard resource == .pods, old?.metadata.uid != new?.metadata.uid,
      [old, new].contains(where: { $0.flatMap(ownerSet) != nil })
    else { return [] }
    return key(old, new).map { [$0] } ?? []
  }

  /// The node whose change its pods' servers should show: a condition other than before, heartbeats not counted.
  public static func nodes(_ resource: Resource, old: KubernetesObject?, new: KubernetesObject?) -> [NamespacedName] {
    guard resource == .nodes else { return [] }
    guard let old = old?.as(Node.self), let new = new?.as(Node.self) else { return key(old, new).map { [$0] } ?? [] }
    func state(_ node: Node) -> [[String]] { node.conditions.map { [$0.type, $0.status, $0.reason, $0.message] } }
    return state(old) == state(new) ? [] : [new.key]
  }

  /// The set whose servers should look at it again: their labels, annotations and conditions come from its template and its qualities.
  public static func templates(
    _ resource: Resource, old: KubernetesObject?, new: KubernetesObject?
  ) -> [NamespacedName] {
    guard resource == .gameServerSets, let old = old?.as(GameServerSet.self), let new = new?.as(GameServerSet.self)
    else { return [] }
    func parts(_ set: GameServerSet) -> [JSONView?] { [set.template?["metadata"], set.spec?["serviceQualities"]] }
    let isSame = zip(parts(old), parts(new)).allSatisfy { one, other in
      if let one, let other { one.isEqual(to: other) } else { one == nil && other == nil }
    }
    return isSame ? [] : [new.key]
  }

  private static func key(_ old: KubernetesObject?, _ new: KubernetesObject?) -> NamespacedName? { (new ?? old)?.key }

  private static func ownerSet(_ object: KubernetesObject) -> NamespacedName? {
    object.metadata.labels[GameLabels.ownerSet].map { NamespacedName(object.namespace, $0) }
  }

  private static func controllingSet(_ object: KubernetesObject) -> NamespacedName? {
    guard let owner = object.metadata.controller, owner.kind == Resource.gameServerSets.kind else { return nil }
    return NamespacedName(object.namespace, owner.name)
  }

  static func unique(_ keys: [NamespacedName]) -> [NamespacedName] {
    keys.count == 2 && keys[0] == keys[1] ? [keys[0]] : keys
  }
}

/// What of a pod its set looks at: whom to take first in a scale, and what to count.
private struct PodFacts: Equatable {
  private let uid: String
  private let ownerSet: String?
  private let facts: ServerFacts
  private let isLeaving: Bool

  init(_ object: KubernetesObject) {
    let metadata = object.metadata
    uid = metadata.uid
    ownerSet = metadata.labels[GameLabels.ownerSet]
    facts = ServerFacts(object.as(Pod.self))
    isLeaving = metadata.labels.has(GameLabels.state, GameServerState.preDelete.rawValue)
  }
}
