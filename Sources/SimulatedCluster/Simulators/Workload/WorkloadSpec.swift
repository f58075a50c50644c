import JSON
import Kubernetes

/// What an Advanced StatefulSet asks for, with OpenKruise's defaults filled in.
struct WorkloadSpec: Sendable {
  enum UpdatePolicy: String, Sendable {
    case recreate = "ReCreate"
    case inPlaceIfPossible = "InPlaceIfPossible"
    case inPlaceOnly = "InPlaceOnly"
  }

  var replicas: Int
  var reserved: Set<Int>
  var createLimit: IntOrString?
  var isOnDelete: Bool
  var partition: Int
  var maxUnavailable: IntOrString
  var updatePolicy: UpdatePolicy
  var isPaused: Bool
  var graceSeconds: Int
  var minReadySeconds: Int
  var priorityKey: String?
  var preDelete: LifecycleHook?
  var inPlaceUpdate: LifecycleHook?
  var preNormal: LifecycleHook?
  var template: JSONValue
  var claims: [JSONValue]
  var deletesClaimsWhenScaled: Bool
  var deletesClaimsWhenDeleted: Bool

  init(_ workload: AdvancedStatefulSet) {
    let spec = workload.spec
    let update = spec?["updateStrategy"]
    let rolling = update?["rollingUpdate"]
    replicas = workload.replicas
    do { reserved = try ReserveIDs.parse(workload.reserveOrdinals) } catch { reserved = [] }
    createLimit = spec?["scaleStrategy"]?["maxUnavailable"].flatMap(IntOrString.init)
    isOnDelete = update?["type"]?.isString("OnDelete") ?? false
    partition = rolling?["partition"]?.int ?? 0
    maxUnavailable = rolling?["maxUnavailable"].flatMap(IntOrString.init) ?? .int(1)
    updatePolicy = (rolling?["podUpdatePolicy"]?.string).flatMap(UpdatePolicy.init) ?? .recreate
    isPaused = rolling?["paused"]?.bool ?? false
    graceSeconds = rolling?["inPlaceUpdateStrategy"]?["gracePeriodSeconds"]?.int ?? 0
    minReadySeconds = rolling?["minReadySeconds"]?.int ?? 0
    priorityKey =
      rolling?["unorderedUpdate"]?["priorityStrategy"]?["orderPriority"]?[0]?["orderedKey"]?.string
    let lifecycle = spec?["lifecycle"]
    preDelete = lifecycle?["preDelete"].flatMap(LifecycleHook.init)
    inPlaceUpdate = lifecycle?["inPlaceUpdate"].flatMap(LifecycleHook.init)
    preNormal = lifecycle?["preNormal"].flatMap(LifecycleHook.init)
    template = workload.template.map(JSONValue.init) ?? .object(JSONObject())
    claims = spec?["volumeClaimTemplates"]?.elements.map(JSONValue.init) ?? []
    let retention = spec?["persistentVolumeClaimRetentionPolicy"]
    deletesClaimsWhenScaled = retention?["whenScaled"]?.isString("Delete") ?? false
    deletesClaimsWhenDeleted = retention?["whenDeleted"]?.isString("Delete") ?? false
  }

  /// The ordinals that should exist: the first ones that are not reserved.
  var ordinals: [Int] {
    var ordinals: [Int] = []
    var next = 0
    while ordinals.count < replicas {
      if !reserved.contains(next) { ordinals.append(next) }
      next += 1
    }
    return ordinals
  }

  /// A limit of unavailable pods: a percentage is rounded down, and at least one may be.
  func limit(_ value: IntOrString) -> Int { max(1, value.scaled(of: replicas) ?? 1) }
}

/// A life-cycle hook: labels and finalizers that hold a pod at a step.
struct LifecycleHook: Sendable {
  var labels: [String: String]
  var finalizers: [String]

  init?(_ json: JSONView) {
    guard json.isObject else { return nil }
    labels = StringMap(json["labelsHandler"]).dictionary
    finalizers = json["finalizersHandler"]?.elements.compactMap(\.string) ?? []
    if labels.isEmpty, finalizers.isEmpty { return nil }
  }

  /// Whether a pod has any of the labels or finalizers.
  func isHooked(_ metadata: ObjectMetadata) -> Bool {
    labels.contains { metadata.labels.has($0.key, $0.value) }
      || finalizers.contains(where: metadata.finalizers.contains)
  }

  /// Whether a pod has all of them.
  func isFullyHooked(_ metadata: ObjectMetadata) -> Bool {
    labels.allSatisfy { metadata.labels.has($0.key, $0.value) } && finalizers.allSatisfy(metadata.finalizers.contains)
  }
}
