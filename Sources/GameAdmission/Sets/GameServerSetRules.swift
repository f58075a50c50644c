import HotReload
import JSON
import Kubernetes

/// The rules for a GameServerSet, in the order in which their messages appear.
struct GameServerSetRules {
  let admission: GameAdmission
  let change: Change
  let set: GameServerSet
  let spec: JSONView?

  /// What is wrong with a GameServerSet that is created, or with what an update brings.
  static func check(_ change: Change, _ admission: GameAdmission) -> FindingList {
    FindingList.check(change, admission.validation) { change, findings in
      GameServerSetRules(admission: admission, change).check(&findings)
    }
  }

  private init(admission: GameAdmission, _ change: Change) {
    self.admission = admission
    self.change = change
    set = GameServerSet(change.new)
    spec = change.new["spec"]
  }

  private func check(_ findings: inout FindingList) {
    checkReserveIDs(&findings)
    checkNetwork(&findings)
    checkEnumerations(&findings)
    checkUpdateStrategy(&findings)
    checkScaleStrategy(&findings)
    ServiceQualityRules(template: set.templateSpec).check(spec?["serviceQualities"], &findings)
    checkInPlaceOnly(&findings)
    checkName(&findings)
    checkHotReload(&findings)
  }

  /// Enumerations that the CRD leaves open, with the values that it accepts beside the empty text.
  private static let enumerations: [(path: [String], values: [String])] = [
    (["spec", "updateStrategy", "type"], ["RollingUpdate", "OnDelete"]),
    (
      ["spec", "updateStrategy", "rollingUpdate", "podUpdatePolicy"], ["ReCreate", "InPlaceIfPossible", "InPlaceOnly"]
    ),
    (["spec", "scaleStrategy", "scaleDownStrategyType"], ["General", "ReserveIds"]),
    (["spec", "gameServerTemplate", "reclaimPolicy"], ReclaimPolicy.allCases.map(\.rawValue)),
    (["spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"], ["Retain", "Delete"]),
    (["spec", "persistentVolumeClaimRetentionPolicy", "whenScaled"], ["Retain", "Delete"]),
  ]

  private func checkEnumerations(_ findings: inout FindingList) {
    for (path, values) in GameServerSetRules.enumerations {
      guard let value = change.new.value(at: path), !value.isNull, !value.isString("") else { continue }
      guard !values.contains(where: value.isString) else { continue }
      findings.deny(
        .enumeration, path.joined(separator: "."), value, "must be one of \(values.joined(separator: ", "))")
    }
  }

  private func checkHotReload(_ findings: inout FindingList) {
    findings.add(
      HotReloadRules.problems(gameServerSet: set, defaults: admission.hotReload, cluster: admission.cluster),
      annotationsAt: "spec.gameServerTemplate.metadata.annotations")
  }
}
