import HotReload
import JSON
import Kubernetes

/// The rules for a GameServerSet, in the order in which their messages appear.
struct GameServerSetRules {
  let admission: GameAdmission
  let change: Change
  let set: GameServerSet
  let spec: JSONView?

  init(admission: GameAdmission, _ change: Change) {
    self.admission = admission
    self.change = change
    set = GameServerSet(change.new)
    spec = change.new["spec"]
  }

  func check(_ findings: inout FindingList) {
    if change.touches(["spec", "reserveGameServerIds"]) { checkReserveIDs(&findings) }
    checkNetwork(&findings)
    checkEnumerations(&findings)
    if change.touches(["spec", "updateStrategy"]) { checkUpdateStrategy(&findings) }
    if change.touches(["spec", "scaleStrategy", "maxUnavailable"]) { checkScaleStrategy(&findings) }
    if change.touches(["spec", "serviceQualities"], ["spec", "gameServerTemplate", "spec"]) {
      ServiceQualityRules(template: set.templateSpec).check(spec?["serviceQualities"], &findings)
    }
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
    for (path, values) in GameServerSetRules.enumerations where change.touches(path) {
      guard let value = change.new.value(at: path), !value.isNull, !value.isString("") else { continue }
      guard !values.contains(where: value.isString) else { continue }
      findings.deny(
        .enumeration, path.joined(separator: "."), value, "must be one of \(values.joined(separator: ", "))")
    }
  }

  private func checkHotReload(_ findings: inout FindingList) {
    guard
      change.touches(
        ["spec", "gameServerTemplate", "metadata", "annotations"], ["spec", "gameServerTemplate", "spec"],
        ["spec", "updateStrategy"])
    else { return }
    findings.add(
      HotReloadRules.problems(gameServerSet: set, defaults: admission.hotReload, cluster: admission.cluster),
      annotationsAt: "spec.gameServerTemplate.metadata.annotations")
  }
}
