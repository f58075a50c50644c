import JSON
import Kubernetes

/// The rules for service qualities: probes whose outcome changes GameServers.
struct ServiceQualityRules {
  /// The most service qualities of a set: each becomes a probe and a condition of every pod, and nobody has more than a handful.
  static let limit = 128

  /// The names of the template's containers; nil where it has no list of them.
  private let containers: [String]?

  /// The rules for a set with this pod specification in its template.
  init(template: JSONView?) {
    containers = template.flatMap { $0["containers"]?.isArray == true ? $0.containerNames().sorted() : nil }
  }

  func check(_ qualities: JSONView?, _ findings: inout FindingList) {
    guard let qualities, !qualities.isNull else { return }
    guard qualities.isArray else {
      return findings.deny(.serviceQualityName, "spec.serviceQualities", qualities, "must be a list")
    }
    guard qualities.count <= ServiceQualityRules.limit else {
      return findings.deny(
        .serviceQualityName, "spec.serviceQualities", qualities,
        "must have at most \(ServiceQualityRules.limit) entries, and has \(qualities.count)")
    }
    var names: Set<String> = []
    for (place, quality) in qualities.elements.enumerated() {
      let path = "spec.serviceQualities[\(place)]"
      checkName(quality["name"], path + ".name", &names, &findings)
      checkContainer(quality["containerName"], path + ".containerName", &findings)
      checkProbe(quality, path, &findings)
      for (number, action) in (quality["serviceQualityAction"].map { Array($0.elements) } ?? []).enumerated() {
        checkAction(action, "\(path).serviceQualityAction[\(number)]", &findings)
      }
    }
  }

  private func checkName(
    _ name: JSONView?, _ path: String, _ names: inout Set<String>, _ findings: inout FindingList
  ) {
    let text = name?.string ?? ""
    if let problem = NameSyntax.dnsLabelProblem(text) {
      findings.deny(.serviceQualityName, path, name, "\(problem), because it becomes a condition of the pod")
    } else if !names.insert(text).inserted {
      findings.deny(.serviceQualityName, path, name, "must be unique in the list")
    }
  }

  private func checkContainer(_ container: JSONView?, _ path: String, _ findings: inout FindingList) {
    guard let name = container?.string, !name.isEmpty else {
      return findings.warn(
        .serviceQualityContainer, path, container, "must name a container, else nothing is probed")
    }
    guard let containers, !containers.contains(name) else { return }
    findings.deny(
      .serviceQualityContainer, path, container,
      "must be a container of the template, which has \(containers.joined(separator: ", "))")
  }

  private func checkProbe(_ quality: JSONView, _ path: String, _ findings: inout FindingList) {
    let handlers = ["exec", "httpGet", "tcpSocket"]
    if let grpc = quality["grpc"], !grpc.isNull {
      findings.warn(
        .serviceQualityProbe, path + ".grpc", grpc, "is not probed: only exec, httpGet and tcpSocket are"
      )
    } else if handlers.allSatisfy({ quality[$0]?.isNull ?? true }) {
      findings.warn(.serviceQualityProbe, path + ".exec", nil, "one of exec, httpGet, tcpSocket is needed")
    }
    for field in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
      guard let value = quality[field], !value.isNull else { continue }
      // Zero stands for the default.
      guard value.int.map((0...Int(Int32.max)).contains) != true else { continue }
      findings.deny(.serviceQualityProbe, "\(path).\(field)", value, "must be an integer from 0 to \(Int32.max)")
    }
  }

  private func checkAction(_ action: JSONView, _ path: String, _ findings: inout FindingList) {
    findings.checkOpsState(action["opsState"], path + ".opsState", allowingTemplate: true)
    for field in ["updatePriority", "deletionPriority"] {
      findings.checkPriority(action[field], "\(path).\(field)", allowingTemplate: true)
    }
    if let containers = action["containers"], containers.isArray, containers.count > 0 {
      findings.warn(.serviceQualityAction, path + ".containers", containers, "has no effect in an action")
    }
    for map in ["labels", "annotations"] {
      for member in action[map].map({ Array($0.members) }) ?? [] {
        checkEntry(member, "\(path).\(map)[\(member.name)]", isLabel: map == "labels", &findings)
      }
    }
  }

  private func checkEntry(
    _ entry: JSONView.Member, _ path: String, isLabel: Bool, _ findings: inout FindingList
  ) {
    if let problem = NameSyntax.qualifiedNameProblem(entry.name) {
      findings.deny(.serviceQualityAction, path, entry.value, "is a key that is not accepted: \(problem)")
    }
    guard let text = entry.value.string else {
      return findings.deny(.serviceQualityAction, path, entry.value, "must be a string")
    }
    if GoTemplate.isTemplate(text) {
      findings.checkTemplate(text, entry.value, path)
    } else if isLabel, let problem = NameSyntax.labelValueProblem(text) {
      findings.deny(.serviceQualityAction, path, entry.value, problem)
    }
  }
}
