import JSON
import Kubernetes

/// The rules for a GameServer.
struct GameServerRules {
  private let admission: GameAdmission
  private let server: JSONView
  private let spec: JSONView?

  /// What is wrong with a GameServer that is created, or with what an update brings.
  static func check(_ change: Change, _ admission: GameAdmission) -> FindingList {
    FindingList.check(change, admission.validation) { change, findings in
      GameServerRules(admission: admission, change.new).check(&findings)
    }
  }

  private init(admission: GameAdmission, _ server: JSONView) {
    self.admission = admission
    self.server = server
    spec = server["spec"]
  }

  private func check(_ findings: inout FindingList) {
    for field in ["updatePriority", "deletionPriority"] {
      findings.checkPriority(spec?[field], "spec.\(field)", allowingTemplate: false)
    }
    findings.checkOpsState(spec?["opsState"], "spec.opsState", allowingTemplate: false)
    checkContainers(&findings)
  }

  private func checkContainers(_ findings: inout FindingList) {
    guard let containers = spec?["containers"], !containers.isNull else { return }
    guard containers.isArray else {
      return findings.deny(.containerOverride, "spec.containers", containers, "must be a list of containers")
    }
    let known = templateContainers()
    var names: Set<String> = []
    for (place, container) in containers.elements.enumerated() {
      let path = "spec.containers[\(place)]"
      let name = container["name"]
      if let text = name?.string, !text.isEmpty {
        if let problem = NameSyntax.dnsLabelProblem(text) {
          findings.deny(.containerOverride, path + ".name", name, problem)
        } else if !names.insert(text).inserted {
          findings.deny(.containerOverride, path + ".name", name, "must be unique in the list")
        } else if let known, !known.contains(text) {
          findings.warn(
            .containerOverride, path + ".name", name,
            "is no container of the set, which has \(known.sorted().joined(separator: ", "))")
        }
      } else {
        findings.deny(.containerOverride, path + ".name", name, "must be the name of a container")
      }
      checkImage(container["image"], path + ".image", &findings)
      checkResources(container["resources"], path + ".resources", &findings)
    }
  }

  /// The containers of the set that the server belongs to; nil where the set is not known.
  private func templateContainers() -> Set<String>? {
    let server = GameServer(server)
    guard let set = server.ownerSet, admission.cluster.hasSynced(.gameServerSets),
      let spec = admission.cluster.gameServerSet(NamespacedName(server.namespace, set))?.templateSpec
    else { return nil }
    return spec.containerNames()
  }

  private func checkImage(_ image: JSONView?, _ path: String, _ findings: inout FindingList) {
    guard let image, !image.isNull else { return }
    guard let text = image.string else {
      return findings.deny(.containerOverride, path, image, "must be an image such as registry.example/game:7")
    }
    guard text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return }
    findings.deny(.containerOverride, path, image, "must be an image without white space")
  }

  private func checkResources(_ resources: JSONView?, _ path: String, _ findings: inout FindingList) {
    for group in ["limits", "requests"] {
      for entry in resources?[group].map({ Array($0.members) }) ?? [] {
        let name = entry.name
        let place = "\(path).\(group)[\(name)]"
        if let problem = NameSyntax.containerResourceProblem(name) {
          findings.deny(.quantity, place, entry.value, "is of a resource that is not accepted: \(problem)")
        } else if ResourceQuantity(entry.value).map(\.isNegative) ?? true {
          findings.deny(.quantity, place, entry.value, "must be \(ResourceQuantity.grammar), not below zero")
        }
      }
    }
    for entry in resources?["requests"].map({ Array($0.members) }) ?? [] {
      guard let limit = resources?["limits"]?[entry.name].flatMap(ResourceQuantity.init),
        let request = ResourceQuantity(entry.value), request > limit
      else { continue }
      findings.deny(
        .quantity, "\(path).requests[\(entry.name)]", entry.value, "must be less than or equal to the limit of the same"
      )
    }
  }
}

extension JSONView {
  /// The names of the containers of a pod specification, those of its init containers included where nothing else is said.
  func containerNames(in lists: [String] = ["containers", "initContainers"]) -> Set<String> {
    var names: Set<String> = []
    for list in lists {
      for container in self[list].map({ Array($0.elements) }) ?? [] {
        if let name = container["name"]?.string { names.insert(name) }
      }
    }
    return names
  }
}
