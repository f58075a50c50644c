import Kubernetes

/// The hot-reload annotations as the advice needs them; their grammar is validation's business.
private struct ReloadAnnotations {
  static let prefix = "hot-reload.game.kruise.io/"

  let source: String
  let mount: String

  /// Nil where hot reload is not enabled.
  init?(_ set: GameServerSet) {
    let annotations = set.templateMetadata.annotations
    guard annotations.has(ReloadAnnotations.prefix + "inject", "enabled") else { return nil }
    source = annotations[ReloadAnnotations.prefix + "source"] ?? ""
    mount = annotations[ReloadAnnotations.prefix + "mount"] ?? ""
  }

  static func field(_ name: String) -> String { "spec.gameServerTemplate.metadata.annotations[\(prefix)\(name)]" }
}

/// Hot reload in a set whose updates recreate the pods: a new asset image would end every match.
struct RecreatedReloadAdvice: AdviceRule {
  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding] {
    guard let reload = ReloadAnnotations(set), reload.source.hasPrefix("image:"), !set.updatesInPlace else { return [] }
    return [
      LintFinding(
        level: .advice, field: GameServerSet.podUpdatePolicyField,
        message: "podUpdatePolicy \(set.podUpdatePolicy) recreates the pods when \(ReloadAnnotations.prefix)source changes, "
          + "which is what hot reload avoids; use InPlaceIfPossible",
        rule: "reload-recreate")
    ]
  }
}

/// A roll-out in steps whose assets come from an object that reaches all pods at once.
struct StagedReloadAdvice: AdviceRule {
  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding] {
    let rolling = set.spec?["updateStrategy"]?["rollingUpdate"]
    let isStaged = (rolling?["partition"]?.int ?? 0) > 0 || rolling?["paused"]?.bool == true
    guard let reload = ReloadAnnotations(set), !reload.source.hasPrefix("image:"), isStaged else { return [] }
    return [
      LintFinding(
        level: .advice, field: ReloadAnnotations.field("source"),
        message: "kubelet brings \(reload.source) to all pods at once, whatever partition and paused say; "
          + "use source image:REF for a roll-out in steps",
        rule: "reload-not-staged")
    ]
  }
}

/// A mount with `subPath` at or below the place where assets are published: such a mount never sees a new revision.
struct SubPathAdvice: AdviceRule {
  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding] {
    let volumes = set.templateSpec?["volumes"].map { Array($0.elements) } ?? []
    let live = Set(
      volumes.filter { $0["configMap"] != nil || $0["secret"] != nil }.compactMap { $0["name"]?.string })
    let reload = ReloadAnnotations(set)
    return set.templateContainers.enumerated().flatMap { position, container in
      (container.json["volumeMounts"].map { Array($0.elements) } ?? []).enumerated().compactMap { index, mount in
        let path = mount["mountPath"]?.string ?? ""
        let name = mount["name"]?.string ?? ""
        let isBelow = reload.map { !$0.mount.isEmpty && (path == $0.mount || path.hasPrefix($0.mount + "/")) } ?? false
        guard mount["subPath"] != nil || mount["subPathExpr"] != nil, isBelow || (live.contains(name) && reload != nil)
        else { return nil }
        return LintFinding(
          level: .advice, field: "spec.gameServerTemplate.spec.containers[\(position)].volumeMounts[\(index)]",
          message: "\(path) is mounted with subPath, which keeps the files of the start for ever; mount the whole folder",
          rule: "reload-subpath")
      }
    }
  }
}
