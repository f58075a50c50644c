/// Reads the annotations one by one and collects what is wrong with each.
struct SettingsParser {
  private let texts: [HotReloadAnnotation: String]
  private(set) var problems: [HotReloadProblem] = []
  private(set) var containers: [String] = []
  private(set) var notification = ReloadNotification.none
  private(set) var gate = HotReloadSettings.Gate.immediate
  private(set) var resources = SidecarResources.standard
  private(set) var mode = HotReloadSettings.Mode.auto
  private(set) var agentImage: String?
  private(set) var sizeLimit: Quantity?

  init(_ annotation: (String) -> String?) {
    var texts: [HotReloadAnnotation: String] = [:]
    for name in HotReloadAnnotation.allCases where name.isInput { texts[name] = annotation(name.key) }
    self.texts = texts
  }

  /// The settings, or nil where hot reload is not enabled or a problem is an error.
  mutating func parse() -> HotReloadSettings? {
    guard isEnabled() else { return nil }
    let source = parseSource()
    let mount = required(.mount, "is missing: it takes an absolute directory such as /srv/assets", MountPath.check)
    parseContainers()
    parseNotification()
    gate = choice(.gate, gate)
    mode = choice(.mode, mode)
    if let value = optional(.resources, SidecarResources.check) { resources = value }
    agentImage = optional(.agentImage, ImageReference.check)
    sizeLimit = optional(.sizeLimit, parseSizeLimit)
    guard let source, let mount, problems.allSatisfy(\.isWarning) else { return nil }
    return HotReloadSettings(self, source: source, mount: mount)
  }

  private mutating func isEnabled() -> Bool {
    switch texts[.inject] {
    case "enabled": return true
    case nil, "disabled": return false
    case let value?:
      fail(.annotation, .inject, value, "is not accepted: it takes enabled or disabled")
      return false
    }
  }

  private mutating func parseSource() -> AssetSource? {
    let accepted = "is missing: it takes configmap:NAME, secret:NAME or image:REF"
    guard let source = required(.source, accepted, AssetSource.check) else { return nil }
    guard let path = texts[.sourcePath] else { return source }
    guard case .image(let reference, _) = source else {
      warn(.unusedAnnotation, .sourcePath, path, "has no effect: only a source of the form image:REF has a path")
      return source
    }
    switch AssetSource.checkPath(path) {
    case .accepted(let path): return .image(reference, path: path)
    case .refused(let reason):
      fail(.annotation, .sourcePath, path, reason)
      return nil
    }
  }

  private mutating func parseContainers() {
    guard let value = texts[.containers] else { return }
    for name in value.split(separator: ",", omittingEmptySubsequences: false) {
      let name = name.trimmed
      guard KubernetesName.isLabel(name) else {
        return fail(.annotation, .containers, value, "is not accepted: it takes container names, comma separated")
      }
      guard name != AgentPaths.containerName else {
        return fail(.annotation, .containers, value, "names the sidecar itself: it takes the game's containers")
      }
      if !containers.contains(name) { containers.append(name) }
    }
  }

  private mutating func parseNotification() {
    let target = optional(.notifyTarget, ProcessTarget.check)
    guard let text = texts[.notify] else {
      return warnOfUnusedTarget()
    }
    switch ReloadNotification.parse(text, target: target) {
    case .accepted(let value): notification = value
    case .refused(let reason): return fail(.annotation, .notify, text, reason)
    }
    if case .signal(_, let target) = notification {
      let isMissing = target == nil && texts[.notifyTarget] == nil
      if isMissing {
        fail(.missingAnnotation, .notifyTarget, "", "is missing: \(text) needs exe=/path or cmdline=REGEX")
      }
    } else {
      warnOfUnusedTarget()
    }
  }

  private mutating func warnOfUnusedTarget() {
    guard let value = texts[.notifyTarget] else { return }
    warn(.unusedAnnotation, .notifyTarget, value, "has no effect: only notify: signal:NAME looks for a process")
  }

  private func parseSizeLimit(_ text: String) -> Checked<Quantity> {
    guard let quantity = Quantity(text), quantity >= Quantity.mebibyte else {
      return .refused("is not accepted: it takes a quantity of at least 1Mi, such as 64Mi")
    }
    return .accepted(quantity)
  }

  private mutating func choice<Value: RawRepresentable & CaseIterable>(
    _ name: HotReloadAnnotation, _ standard: Value
  ) -> Value where Value.RawValue == String {
    guard let text = texts[name] else { return standard }
    if let value = Value(rawValue: text) { return value }
    let accepted = Value.allCases.map(\.rawValue).joined(separator: ", ")
    fail(.annotation, name, text, "is not accepted: it takes one of \(accepted)")
    return standard
  }

  private mutating func required<Value>(
    _ name: HotReloadAnnotation, _ missing: String, _ check: (String) -> Checked<Value>
  ) -> Value? {
    if texts[name] == nil { fail(.missingAnnotation, name, "", missing) }
    return optional(name, check)
  }

  private mutating func optional<Value>(_ name: HotReloadAnnotation, _ check: (String) -> Checked<Value>) -> Value? {
    guard let text = texts[name] else { return nil }
    switch check(text) {
    case .accepted(let value): return value
    case .refused(let reason):
      fail(.annotation, name, text, reason)
      return nil
    }
  }

  private mutating func fail(
    _ rule: HotReloadProblem.Rule, _ name: HotReloadAnnotation, _ value: String, _ reason: String
  ) {
    problems.append(HotReloadProblem(.error, rule, name, value, reason))
  }

  private mutating func warn(
    _ rule: HotReloadProblem.Rule, _ name: HotReloadAnnotation, _ value: String, _ reason: String
  ) {
    problems.append(HotReloadProblem(.warning, rule, name, value, reason))
  }
}

/// A value, or why a text is none; the reason goes behind the text in a message.
enum Checked<Value> {
  case accepted(Value)
  case refused(String)
}
