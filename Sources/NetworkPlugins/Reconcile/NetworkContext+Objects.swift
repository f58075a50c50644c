import JSON
import Kubernetes

/// Whose an object is that has the name of one that a plugin wants.
enum ObjectClaim: Sendable {
  /// Nobody has that name.
  case free
  /// It is what the plugin made for this pod or its set.
  case own(KubernetesObject)
  /// It was made for an older pod, or set, of that name and has to go first.
  case older(KubernetesObject)
  /// Somebody else made it.
  case foreign(KubernetesObject)
}

extension NetworkPlan {
  /// Sets the label that holds an in-place update back; of several Services each has to let it go on.
  mutating func hold(back value: String) {
    let key = GameLabels.inPlaceUpdateBlocker
    if let other = labels[key], other != "false" { return }
    labels[key] = value
  }
}

extension NetworkContext {
  /// The hash of the network's configuration.
  var configurationHash: String { StableHash.configuration(NetworkParameter.annotation(parameters)) }

  /// Whose the object of that name is.
  func claim(_ resource: Resource, _ key: NamespacedName) -> ObjectClaim {
    guard let object = cluster.object(resource, key) else { return .free }
    guard let owner = object.metadata.controller else { return .foreign(object) }
    switch owner.kind {
    case Resource.pods.kind where owner.name == pod.name:
      return owner.uid == pod.metadata.uid ? .own(object) : .older(object)
    case Resource.gameServerSets.kind where owner.name == pod.ownerSet:
      return set.map { $0.metadata.uid == owner.uid } ?? true ? .own(object) : .older(object)
    default: return .foreign(object)
    }
  }

  /// Puts what a draft needs into a plan, and answers the object that is there where nobody has to wait for it.
  ///
  /// An object of an older pod of that name is deleted and waited for: it is about to be collected, and whoever shows it now would show
  /// something that vanishes.
  ///
  /// - Returns: nil while the object is missing, is being changed in a way that players notice, or is in the way.
  /// - Throws: an internal error where an object of somebody else has the name.
  func settle(_ draft: ObjectDraft, in plan: inout NetworkPlan) throws(PluginError) -> KubernetesObject? {
    let live: KubernetesObject?
    switch claim(draft.resource, draft.key) {
    case .free: live = nil
    case .own(let object): live = object
    case .older(let object):
      if !object.metadata.isBeingDeleted { plan.removals.append(NetworkPlan.Removal(draft.resource, object)) }
      return nil
    case .foreign(let object):
      guard !object.metadata.isBeingDeleted else { return nil }
      throw PluginError(
        .internal, "\(draft.resource.kind) \(draft.key) exists and is not of \(pod.key) or its GameServerSet")
    }
    if let live, live.metadata.isBeingDeleted { return nil }
    switch draft.difference(from: live) {
    case .none: return live
    case .gentle(let write):
      plan.writes.append(write)
      return live
    case .substantial(let write):
      plan.writes.append(write)
      return nil
    }
  }

  /// Puts what a Service of the pod needs into a plan, and answers the Service where it is as it should be.
  ///
  /// Minds the containers that may be not ready, and cuts the Service off from the cloud while the network is disabled.
  ///
  /// - Parameters:
  ///   - isCut: whether the Service is of type `ClusterIP` at present; as a rule ``isDisabled``.
  ///   - isShared: whether the Service leads to other pods as well.
  func settle(
    _ draft: ServiceDraft, isCut: Bool, isShared: Bool = false, in plan: inout NetworkPlan
  ) throws(PluginError) -> Service? {
    let live = cluster.object(.services, draft.key)?.as(Service.self)
    let gate = gate(live, isShared: isShared)
    let object = draft.object(hash: configurationHash, isCut: isCut, publishesNotReady: gate?.publishesNotReady)
    guard let settled = try settle(object, in: &plan) else { return nil }
    if let gate { plan.hold(back: gate.blocker) }
    return settled.as(Service.self)
  }
}
