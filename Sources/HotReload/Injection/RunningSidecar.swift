import JSON
public import Kubernetes

/// What hot reload means for a pod that is in the cluster already.
public enum HotReloadPod: Sendable {
  /// The pod does not ask for hot reload.
  case notRequested
  /// The annotations do not parse, so nothing can be said of the sidecar.
  case unusable(HotReloadError)
  /// The pod asks for hot reload and was admitted without the sidecar, or has a container of its own under that name.
  case withoutSidecar
  /// The pod has the sidecar.
  case sidecar(RunningSidecar)

  /// Looks at a pod.
  public init(_ pod: Pod) {
    let annotations = pod.metadata.annotations
    guard annotations.contains(HotReloadAnnotation.inject.key) else {
      self = .notRequested
      return
    }
    let parsed = HotReloadSettings.parse { annotations[$0] }
    if let problem = parsed.problems.first(where: { !$0.isWarning }) {
      self = .unusable(HotReloadError(problem))
    } else if let settings = parsed.settings {
      self = RunningSidecar(pod, settings).map(HotReloadPod.sidecar) ?? .withoutSidecar
    } else {
      self = .notRequested
    }
  }
}

/// The sidecar of a pod, beside what the pod's annotations ask of it now.
public struct RunningSidecar: Sendable {
  /// What the annotations ask of the sidecar's image.
  public enum Wish: Sendable, Hashable {
    /// This image, which may be the one that it has.
    case image(String)
    /// Something that only a new pod can have, for this reason.
    case newPod(String)
  }

  /// What the annotations ask for.
  public let settings: HotReloadSettings
  /// The list of containers that the sidecar stands in.
  public let list: PodEditor.ContainerList
  /// The sidecar as the pod describes it.
  public let container: Container
  /// What kubelet reports of it; nil before its first report.
  public let status: ContainerStatus?
  private let pod: Pod

  init?(_ pod: Pod, _ settings: HotReloadSettings) {
    // The webhook leaves a fingerprint; without one, a container of that name is the user's own.
    guard pod.metadata.annotations.contains(HotReloadAnnotation.status.key) else { return nil }
    let isSidecar = { (container: Container) in container.name == AgentPaths.containerName }
    if let container = pod.initContainers.first(where: isSidecar) {
      (list, self.container) = (.initContainers, container)
      status = pod.initContainerStatuses.first { $0.name == AgentPaths.containerName }
    } else if let container = pod.containers.first(where: isSidecar) {
      (list, self.container) = (.containers, container)
      status = pod.containerStatuses.first { $0.name == AgentPaths.containerName }
    } else {
      return nil
    }
    self.settings = settings
    self.pod = pod
  }

  /// What the annotations ask of the image.
  ///
  /// The agent's own image is followed where an annotation names it; an installation's new default waits for new pods, so that an upgrade restarts
  /// nothing.
  public var wish: Wish {
    // The program, the volumes and the environment of a container are set when its pod is made.
    let runsInImage = container.json["command"]?[0]?.string?.hasPrefix(AgentPaths.bin) ?? false
    guard runsInImage == settings.source.isImage, isMounted else {
      return .newPod("the source \(settings.source) is of another kind or name than the pod's volumes")
    }
    switch settings.source {
    case .configMap, .secret: return .image(settings.agentImage ?? container.image)
    case .image(let reference, let path):
      guard has(.source, path) else { return .newPod("the pod's sidecar reads another directory than \(path)") }
      return .image(reference)
    }
  }

  /// The annotations that ask for something else than the pod was made with, which a new image does not bring.
  public var unmet: [HotReloadAnnotation] {
    var unmet: [HotReloadAnnotation] = []
    if !isShown { unmet.append(.mount) }
    if !has(.notify, settings.notification.description) { unmet.append(.notify) }
    if let target = settings.notification.target, !has(.notifyTarget, target.description) {
      unmet.append(.notifyTarget)
    }
    if !has(.gate, settings.gate.rawValue) { unmet.append(.gate) }
    return unmet
  }

  /// Whether the server is one that may be disturbed now.
  ///
  /// - Parameter opsState: the server's operational state, as the game server has it or as its pod has it.
  public func isGateOpen(opsState: String?) -> Bool {
    PublishGate.isOpen(settings.gate, opsState: opsState)
  }

  /// Whether the pod has the volume of the ConfigMap or Secret.
  private var isMounted: Bool {
    let volume = pod.spec?["volumes"]?.elements.first { $0["name"]?.isString(SidecarVolumes.source) ?? false }
    return switch settings.source {
    case .configMap(let name): volume?["configMap"]?["name"]?.isString(name) ?? false
    case .secret(let name): volume?["secret"]?["secretName"]?.isString(name) ?? false
    case .image: true
    }
  }

  /// Whether a container of the game sees the published directory where the annotation wants it.
  private var isShown: Bool {
    (pod.containers + pod.initContainers).contains { other in
      other.name != AgentPaths.containerName
        && other.volumeMounts.contains {
          $0["name"]?.isString(SidecarVolumes.publish) ?? false
            && $0["mountPath"]?.isString(settings.mount.path) ?? false
        }
    }
  }

  /// Whether the sidecar was told that value.
  private func has(_ name: AgentVariable, _ value: String) -> Bool {
    let entry = container.json["env"]?.elements.first { $0["name"]?.isString(name.rawValue) ?? false }
    return entry?["value"]?.isString(SidecarContainers.escape(value)) ?? false
  }
}
