public import JSON
public import Kubernetes

/// What is wrong with, or doubtful about, the hot-reload configuration of an object, for validation and for `lint`.
public enum HotReloadRules {
  /// The problems of a pod template: an object with `metadata` and `spec`.
  ///
  /// - Parameters:
  ///   - template: the pod or pod template.
  ///   - path: where the template stands in its object, such as `spec.gameServerTemplate`; empty for a pod.
  ///   - sources: answers whether a ConfigMap or Secret exists; nil where that is not known.
  public static func problems(
    podTemplate template: JSONView, path: String = "", defaults: HotReloadDefaults,
    sourceExists: (AssetSource) -> Bool? = { _ in nil }
  ) -> [HotReloadProblem] {
    let annotations = ObjectMetadata(template["metadata"]).annotations
    var problems = keyProblems(annotations)
    let parsed = HotReloadSettings.parse { annotations[$0] }
    problems += parsed.problems
    guard let settings = parsed.settings else { return problems }
    let shape = PodShape(template["spec"])
    let specification = path.isEmpty ? "spec" : path + ".spec"
    if shape.container(AgentPaths.containerName) == nil {
      problems += SidecarChecks(settings: settings, pod: shape, defaults: defaults, path: specification).problems
    } else if annotations[HotReloadAnnotation.status.key] == nil {
      problems.append(ownContainer(specification))
    }
    if sourceExists(settings.source) == false { problems.append(missing(settings.source)) }
    return problems + advice(settings, shape, specification)
  }

  /// The problems of a pod, as ``problems(podTemplate:path:defaults:sourceExists:)`` finds them.
  ///
  /// - Parameters:
  ///   - namespace: where the pod will live; a review knows it, the pod itself may leave it out. Nil stands for the pod's own.
  ///   - cluster: where ConfigMaps and Secrets are looked up, where their store has synced; nil where there is no cluster.
  public static func problems(
    pod: Pod, namespace: String? = nil, defaults: HotReloadDefaults, cluster: (any ClusterReader)?
  ) -> [HotReloadProblem] {
    problems(podTemplate: pod.json, defaults: defaults) { source in
      cluster.flatMap { exists(source, in: namespace ?? pod.namespace, $0) }
    }
  }

  /// The problems of a GameServerSet: those of its template, and those of its update strategy.
  ///
  /// - Parameter cluster: where ConfigMaps and Secrets are looked up, where their store has synced; nil where there is no cluster.
  public static func problems(
    gameServerSet set: GameServerSet, defaults: HotReloadDefaults, cluster: (any ClusterReader)? = nil
  ) -> [HotReloadProblem] {
    guard let template = set.template else { return [] }
    let path = "spec.gameServerTemplate"
    var found = problems(podTemplate: template, path: path, defaults: defaults) { source in
      cluster.flatMap { exists(source, in: set.namespace, $0) }
    }
    if let problem = recreation(of: set) { found.append(problem) }
    return found
  }

  /// The problem of an update strategy that makes new pods where an annotation changes; worth a word whenever the source does.
  private static func recreation(of set: GameServerSet) -> HotReloadProblem? {
    let annotations = set.templateMetadata.annotations
    guard annotations.has(HotReloadAnnotation.inject.key, "enabled") else { return nil }
    let update = set.spec?["updateStrategy"]
    let rolling = update?["rollingUpdate"].flatMap { $0.isNull ? nil : $0 }
    // OpenKruiseGame reads any `rollingUpdate` as a wish for that type, whatever `type` says beside it.
    guard rolling != nil || update?["type"]?.isString("OnDelete") != true else { return nil }
    let policy = rolling?["podUpdatePolicy"]?.string ?? ""
    // An absent policy is ReCreate, and so is an empty one.
    guard ["ReCreate", ""].contains(policy) else { return nil }
    return HotReloadProblem(
      .warning, .recreate, field: "spec.updateStrategy.rollingUpdate.podUpdatePolicy", value: policy,
      judging: annotations[HotReloadAnnotation.source.key] ?? "",
      "recreates pods on a changed source: use InPlaceIfPossible or InPlaceOnly")
  }

  /// Keys below the prefix that nobody reads, and settings that wait for `inject`.
  private static func keyProblems(_ annotations: StringMap) -> [HotReloadProblem] {
    let own = annotations.filter { $0.key.hasPrefix(HotReloadAnnotation.prefix) }
    var problems: [HotReloadProblem] = own.compactMap { entry in
      let name = String(entry.key.dropFirst(HotReloadAnnotation.prefix.count))
      guard HotReloadAnnotation(rawValue: name) == nil else { return nil }
      return HotReloadProblem(
        .warning, .unknownAnnotation, field: entry.key, value: entry.value,
        "has no effect: known are \(HotReloadAnnotation.inputNames)")
    }
    let isInput = { (key: String) in
      HotReloadAnnotation(rawValue: String(key.dropFirst(HotReloadAnnotation.prefix.count)))?.isInput ?? false
    }
    if !annotations.contains(HotReloadAnnotation.inject.key), let first = own.first(where: { isInput($0.key) }) {
      problems.append(
        HotReloadProblem(
          .warning, .unusedAnnotation, field: first.key, value: first.value,
          "has no effect without \(HotReloadAnnotation.inject.key): enabled"))
    }
    return problems
  }

  private static func ownContainer(_ path: String) -> HotReloadProblem {
    HotReloadProblem(
      .warning, .container, field: path + ".containers", value: AgentPaths.containerName,
      "is the pod's own container and left alone: rename it to get the sidecar")
  }

  private static func missing(_ source: AssetSource) -> HotReloadProblem {
    HotReloadProblem(
      .warning, .missingSource, .source, source.description, "does not exist yet: the pods wait until it does")
  }

  private static func exists(_ source: AssetSource, in namespace: String, _ cluster: any ClusterReader) -> Bool? {
    let found = { (resource: Resource, name: String) -> Bool? in
      cluster.hasSynced(resource) ? cluster.object(resource, NamespacedName(namespace, name)) != nil : nil
    }
    return switch source {
    case .configMap(let name): found(.configMaps, name)
    case .secret(let name): found(.secrets, name)
    case .image: nil
    }
  }

  /// What works and is still good to know.
  private static func advice(
    _ settings: HotReloadSettings, _ pod: PodShape, _ path: String
  ) -> [HotReloadProblem] {
    var advice: [HotReloadProblem] = []
    if !settings.source.isImage {
      advice.append(
        HotReloadProblem(
          .advice, .staging, .source, settings.source.description,
          "reaches all pods at once, within a minute or two: use image:REF for a staged roll-out"))
    }
    let resources = settings.resources
    let isEven =
      resources.cpu.request == resources.cpu.limit && resources.memory.request == resources.memory.limit
    if pod.isGuaranteed, !isEven {
      advice.append(
        HotReloadProblem(
          .advice, .guaranteed, .resources, resources.description,
          "would cost the pod its Guaranteed class: the sidecar's requests are raised to its limits"))
    }
    return advice
  }
}
