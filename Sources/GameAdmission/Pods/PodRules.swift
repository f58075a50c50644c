import HotReload
import JSON
import Kubernetes
import NetworkPlugins

/// What makes a pod useless as a game server, although the API server would store it.
struct PodRules {
  let admission: GameAdmission

  /// Checks a pod as it would be stored under a key, which the pod itself may leave out.
  func check(_ pod: Pod, _ key: NamespacedName, _ findings: inout FindingList) {
    let metadata = pod.json["metadata"]
    let podName = key.name
    if !podName.isEmpty, !podName.hasSuffix("-"), Ordinal.parse(podName) == nil {
      findings.warn(
        .podName, "metadata.name", metadata?["name"], "ends in no ordinal such as -0, so the server counts as ordinal 0"
      )
    }
    checkLabels(metadata?["labels"], &findings)
    checkNetwork(pod, metadata?["annotations"], &findings)
    findings.add(
      HotReloadRules.problems(
        pod: pod, namespace: key.namespace, defaults: admission.hotReload, cluster: admission.cluster),
      annotationsAt: "metadata.annotations")
  }

  private func checkLabels(_ labels: JSONView?, _ findings: inout FindingList) {
    for key in [GameLabels.updatePriority, GameLabels.deletePriority] {
      guard let value = labels?[key], !Priority.isValid(value.string ?? "") else { continue }
      findings.warn(.priority, "metadata.labels[\(key)]", value, "must be an \(Priority.grammar)")
    }
    guard let value = labels?[GameLabels.opsState], OpsState(rawValue: value.string ?? "") == nil else { return }
    findings.warn(
      .opsState, "metadata.labels[\(GameLabels.opsState)]", value,
      "is none of \(OpsState.names) and counts as None")
  }

  private func checkNetwork(_ pod: Pod, _ annotations: JSONView?, _ findings: inout FindingList) {
    guard let type = annotations?[GameAnnotations.networkType] else { return }
    let conf = annotations?[GameAnnotations.networkConf]
    let path = "metadata.annotations[\(GameAnnotations.networkConf)]"
    guard let parameters = conf.map({ NetworkParameter.parse(annotation: $0.string ?? "") }) ?? [] else {
      findings.deny(.networkConf, path, conf, "must be a JSON array of objects with the strings name and value")
      return
    }
    let name = type.string ?? ""
    guard admission.plugins.plugin(named: name) != nil else {
      findings.warn(
        .networkTypeUnknown, "metadata.annotations[\(GameAnnotations.networkType)]", type,
        "is none of \(admission.plugins.names.joined(separator: ", ")), so the pod gets no network")
      return
    }
    let containers = Set(pod.containers.map(\.name))
    for problem in admission.plugins.validate(type: name, parameters: parameters, containers: containers) {
      findings.add(problem, path: path, conf)
    }
  }
}

extension OpsState {
  /// The known states, for messages.
  static let names = allCases.map(\.rawValue).joined(separator: ", ")
}
