import JSON
import Kubernetes

/// Keeps traffic flowing while the containers of `AllowNotReadyContainers` are updated in place.
///
/// The workload controller waits before an in-place update as long as the pod's blocker label is `true`. While a container that may be not
/// ready is updated, the Service publishes the pod though it is not ready.
struct InPlaceUpdateGate: Sendable, Equatable {
  /// What the pod's blocker label should be.
  let blocker: String
  /// Whether the Service should publish addresses that are not ready.
  let publishesNotReady: Bool

  /// Decides for a pod and its Service.
  ///
  /// - Parameters:
  ///   - allowed: the containers that may be not ready.
  ///   - isPublishing: whether the Service publishes addresses that are not ready now.
  ///   - others: every pod that the Service leads to, where it leads to more than this one.
  init(_ pod: Pod, set: GameServerSet?, allowed: [String], isPublishing: Bool, others: [Pod]?) {
    guard pod.metadata.labels.has(GameLabels.lifecycleState, "PreparingUpdate") else {
      blocker = "true"
      publishesNotReady = isPublishing && !Self.isOver(pod, set, others)
      return
    }
    let isUpdating = Self.isChanging(pod, set, allowed)
    if isUpdating, !isPublishing {
      blocker = pod.metadata.labels[GameLabels.inPlaceUpdateBlocker] ?? "true"
      publishesNotReady = true
    } else {
      blocker = "false"
      publishesNotReady = isPublishing
    }
  }

  /// Whether an allowed container has another image than the template wants; by the pod's specification, since runtimes rewrite the names
  /// of images in statuses.
  private static func isChanging(_ pod: Pod, _ set: GameServerSet?, _ allowed: [String]) -> Bool {
    let wanted = Dictionary(
      (set?.templateContainers ?? []).map { ($0.name, $0.image) }, uniquingKeysWith: { first, _ in first })
    return pod.containers.contains { container in
      allowed.contains(container.name) && wanted[container.name].map { $0 != container.image } ?? false
    }
  }

  private static func isOver(_ pod: Pod, _ set: GameServerSet?, _ others: [Pod]?) -> Bool {
    guard let others else { return pod.isReady }
    let status = set?.status
    return status?["updatedReplicas"]?.int == status?["replicas"]?.int
      && others.allSatisfy { $0.isReady && !$0.metadata.labels.has(GameLabels.lifecycleState, "PreparingUpdate") }
  }
}

extension NetworkContext {
  /// What the gate says for a Service; nil where the network does not name containers that may be not ready.
  func gate(_ service: Service?, isShared: Bool = false) -> InPlaceUpdateGate? {
    let name = ParameterDeclaration.allowNotReadyContainersName
    guard values.contains(name) else { return nil }
    // What the set says now is what its next update will be measured by; a set without it has nothing to allow.
    let allowed = IDList.parse(set?.network?.parameters.filter { $0.name == name }.map(\.value) ?? [])
    let others = isShared ? service.map(podsBehind) ?? [pod] : nil
    return InPlaceUpdateGate(
      pod, set: set, allowed: allowed, isPublishing: service?.publishesNotReady ?? false, others: others)
  }

  /// The pods of the set, and those of others that a Service leads to; none while the Service publishes only what is ready, when it does not
  /// matter who they are.
  private func podsBehind(_ service: Service) -> [Pod] {
    guard service.publishesNotReady else { return [] }
    let selector = service.selector.dictionary
    var pods: [Pod] = []
    cluster.forEach(.pods, .all(namespace: pod.namespace)) { object in
      let labels = object.metadata.labels
      let isBehind = !selector.isEmpty && selector.allSatisfy { labels[$0.key] == $0.value }
      if isBehind || labels[GameLabels.ownerSet] == pod.ownerSet { pods.append(object.as(Pod.self)) }
    }
    return pods
  }
}
