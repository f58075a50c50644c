public import JSON
public import Kubernetes

/// What an injection did.
public struct HotReloadOutcome: Sendable, Hashable {
  /// Whether the pod was changed, and why not.
  public enum Action: Sendable, Hashable {
    /// The pod does not ask for hot reload.
    case notRequested
    /// The sidecar was added; the payload is the fingerprint of the inputs.
    case injected(fingerprint: String)
    /// The sidecar is there already, or a container of the user's has its name.
    case unchanged
  }

  /// Whether the pod was changed, and why not.
  public let action: Action
  /// What the user should know, worst first.
  public let warnings: [HotReloadProblem]
}

/// Adds the hot-reload sidecar to a pod that asks for it.
///
/// Injecting into its own result changes nothing: the annotation `hot-reload.game.kruise.io/status` holds the fingerprint of the settings, and a
/// pod that has the sidecar is never touched again.
public enum HotReloadInjector {
  /// Adds the sidecar, its volumes and the game's mounts, where the pod's annotations ask for them.
  ///
  /// - Parameter adjust: may change each container before the pod gets it.
  /// - Throws: ``HotReloadError`` for settings that do not parse, or that could not work in this pod. A container of the user's with the
  ///   sidecar's name is not an error; the pod is left alone, with a warning.
  public static func inject(
    _ editor: inout PodEditor, _ defaults: HotReloadDefaults, adjusting adjust: (inout JSONValue) -> Void = { _ in }
  ) throws(HotReloadError) -> HotReloadOutcome {
    guard editor.annotation(HotReloadAnnotation.inject.key) != nil else {
      return HotReloadOutcome(action: .notRequested, warnings: [])
    }
    let reader = editor
    let parsed = HotReloadSettings.parse { reader.annotation($0) }
    try refuse(parsed.problems)
    guard let settings = parsed.settings else { return HotReloadOutcome(action: .notRequested, warnings: []) }
    let fingerprint = Fingerprint.of(settings, defaults)
    let shape = PodShape(editor)
    if shape.container(AgentPaths.containerName) != nil {
      return HotReloadOutcome(action: .unchanged, warnings: warnings(aboutExisting: fingerprint, in: editor))
    }
    let checks = SidecarChecks(settings: settings, pod: shape, defaults: defaults, path: "spec")
    let problems = checks.problems
    try refuse(problems)
    add(checks, to: &editor, adjust)
    editor.setAnnotation(HotReloadAnnotation.status.key, fingerprint)
    return HotReloadOutcome(
      action: .injected(fingerprint: fingerprint), warnings: parsed.problems + problems.filter(\.isWarning))
  }

  private static func refuse(_ problems: [HotReloadProblem]) throws(HotReloadError) {
    if let problem = problems.first(where: { !$0.isWarning }) { throw HotReloadError(problem) }
  }

  private static func warnings(aboutExisting fingerprint: String, in editor: PodEditor) -> [HotReloadProblem] {
    switch editor.annotation(HotReloadAnnotation.status.key) {
    case fingerprint?: []
    case nil:
      [
        HotReloadProblem(
          .warning, .container, field: "spec.containers", value: AgentPaths.containerName,
          "is the pod's own container and left alone: rename it to get the sidecar")
      ]
    case let other?:
      [
        HotReloadProblem(
          .warning, .container, .status, other, "is of other settings, now \(fingerprint): the sidecar is left as it is"
        )
      ]
    }
  }

  private static func add(
    _ checks: SidecarChecks, to editor: inout PodEditor, _ adjust: (inout JSONValue) -> Void
  ) {
    let settings = checks.settings
    for volume in SidecarVolumes(settings: settings).values { editor.appendToSpec("volumes", volume) }
    let mount = SidecarVolumes.mount(SidecarVolumes.publish, settings.mount.path)
    for target in checks.targets { add(mount, to: target, in: &editor) }
    if case .signal = settings.notification { editor.setSpec("shareProcessNamespace", true) }
    let containers = SidecarContainers(
      settings: settings, pod: checks.pod, defaults: checks.defaults, isNative: checks.isNative,
      users: SidecarUser(settings.notification, targets: checks.targets))
    // Each goes before the first, so the last to run is added first.
    for var container in containers.initContainers.reversed() {
      adjust(&container)
      editor.addContainerFirst(.initContainers, container)
    }
    guard var container = containers.container else { return }
    adjust(&container)
    editor.addContainer(.containers, container)
  }

  /// Gives a container one more mount; one that a step before this one added has no place in the pod as it was received, so its list is written anew.
  private static func add(_ mount: JSONValue, to target: PodShape.Container, in editor: inout PodEditor) {
    let received = target.list == .containers ? editor.pod.containers : editor.pod.initContainers
    if let position = received.firstIndex(where: { $0.name == target.name }) {
      return editor.appendToContainer(target.list, position, "volumeMounts", mount)
    }
    var list = editor.spec(target.list.rawValue)?.array ?? []
    for position in list.indices where list[position]["name"]?.string == target.name {
      list[position]["volumeMounts"] = .array((list[position]["volumeMounts"]?.array ?? []) + [mount])
    }
    editor.setSpec(target.list.rawValue, .array(list))
  }
}
