import JSON
import Kubernetes

/// The Advanced StatefulSet that a set wants.
///
/// The pod template decides the revision of the workload, and a new revision restarts or patches every pod. So the template is built of
/// exactly what OpenKruiseGame builds it of: labels, annotations, the byte-exact network configuration, one readiness gate.
enum WorkloadProjection {
  /// The gate that OpenKruise needs in order to take a pod out of service during an in-place update.
  static let readinessGate = "InPlaceUpdateReady"
  /// The network parameter that makes in-place updates wait until unready addresses are published.
  static let allowNotReadyParameter = "AllowNotReadyContainers"

  /// The fields of the workload's specification that follow the set all its life.
  ///
  /// - Parameter live: the specification of the workload as it is, which keeps a readiness gate listed twice where it is: dropping
  ///   the double would restart every pod for nothing.
  static func spec(of set: GameServerSet, live: JSONView?) -> JSONObject {
    var spec = JSONObject()
    spec["podManagementPolicy"] = "Parallel"
    spec["template"] = template(of: set, live: live?["template"])
    spec["lifecycle"] = lifecycle(of: set)
    spec["volumeClaimTemplates"] = set.template?["volumeClaimTemplates"].map(JSONValue.init)
    spec["scaleStrategy"] = scaleStrategy(of: set)
    spec["updateStrategy"] = updateStrategy(of: set)
    spec["persistentVolumeClaimRetentionPolicy"] = set.spec?["persistentVolumeClaimRetentionPolicy"].map(JSONValue.init)
    return spec
  }

  /// The pod template.
  static func template(of set: GameServerSet, live: JSONView?) -> JSONValue {
    var labels = strings(set.templateMetadata.labels)
    labels[GameLabels.ownerSet] = .string(set.name)
    var metadata: JSONValue = ["labels": .object(labels)]
    var annotations = strings(set.templateMetadata.annotations)
    if let network = set.network {
      annotations[GameAnnotations.networkConf] = .string(
        NetworkParameter.annotation(network.hasParameters ? network.parameters : nil))
      annotations[GameAnnotations.networkType] = .string(network.type)
    }
    if !annotations.isEmpty { metadata["annotations"] = .object(annotations) }
    // A template of another type is the user's mistake; the workload's schema refuses what it lacks, and that is told.
    var spec: JSONValue = .object(set.templateSpec.flatMap { JSONValue($0).object } ?? JSONObject())
    var gates = spec["readinessGates"]?.array ?? []
    let gate: JSONValue = ["conditionType": .string(readinessGate)]
    let liveCount = live?["spec"]?["readinessGates"]?.elements.filter {
      $0["conditionType"]?.isString(readinessGate) == true
    }.count
    let wanted = max(1, min(liveCount ?? 1, 2))
    while gates.count(where: { $0["conditionType"]?.string == readinessGate }) < wanted { gates.append(gate) }
    spec["readinessGates"] = .array(gates)
    return ["metadata": metadata, "spec": spec]
  }

  private static func strings(_ map: StringMap) -> JSONObject {
    JSONObject(map.map { JSONObject.Member($0.key, .string($0.value)) })
  }

  private static func lifecycle(of set: GameServerSet) -> JSONValue? {
    let own = set.spec?["lifecycle"].map(JSONValue.init)
    let waits = set.network?.parameters.contains { $0.name == allowNotReadyParameter } ?? false
    guard waits else { return own?.isNull == true ? nil : own }
    var lifecycle = own?.object ?? JSONObject()
    var inPlace = lifecycle["inPlaceUpdate"]?.object ?? JSONObject()
    var handler = inPlace["labelsHandler"]?.object ?? JSONObject()
    handler[GameLabels.inPlaceUpdateBlocker] = "true"
    inPlace["labelsHandler"] = .object(handler)
    lifecycle["inPlaceUpdate"] = .object(inPlace)
    return .object(lifecycle)
  }

  private static func scaleStrategy(of set: GameServerSet) -> JSONValue {
    var strategy = JSONObject()
    strategy["maxUnavailable"] = set.spec?["scaleStrategy"]?["maxUnavailable"].map(JSONValue.init)
    return .object(strategy)
  }

  /// The update strategy, always with the priority order, so that a server's update priority has an effect in every set.
  private static func updateStrategy(of set: GameServerSet) -> JSONValue {
    let own = set.spec?["updateStrategy"]
    let rolling = own?["rollingUpdate"].flatMap { $0.isObject ? $0 : nil }
    let type = rolling == nil ? own?["type"]?.string ?? "" : "RollingUpdate"
    guard type != "OnDelete" else { return ["type": "OnDelete"] }
    var update = JSONObject()
    for field in [
      "partition", "maxUnavailable", "podUpdatePolicy", "paused", "inPlaceUpdateStrategy", "minReadySeconds",
    ] {
      update[field] = rolling?[field].flatMap { $0.isNull ? nil : JSONValue($0) }
    }
    update["unorderedUpdate"] = [
      "priorityStrategy": ["orderPriority": [["orderedKey": .string(GameLabels.updatePriority)]]]
    ]
    return ["type": "RollingUpdate", "rollingUpdate": .object(update)]
  }
}
