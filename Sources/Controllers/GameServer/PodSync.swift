import JSON
import Kubernetes

/// What a game server's pod should show of it: labels, annotations and the images of single containers.
///
/// The result is one patch, empty where the pod shows everything already, and the events that the changes are worth.
struct PodSync: Sendable {
  private(set) var labels = JSONObject()
  private(set) var annotations = JSONObject()
  private(set) var containers: [JSONValue] = []
  private(set) var events: [ClusterEvent] = []

  init(_ context: ServerContext) {
    syncPriorities(context)
    syncOpsState(context)
    syncNetworkDisabled(context)
    syncState(context)
    syncUpdatingContainers(context)
    syncPrefixed(context)
    syncImages(context)
    dateFirstOpsState(context)
  }

  /// Dates the state that admission gave the pod, together with whatever else is written first.
  private mutating func dateFirstOpsState(_ context: ServerContext) {
    let key = GameAnnotations.opsStateChanged
    guard patch != nil, annotations[key] == nil, !context.pod.metadata.annotations.contains(key),
      context.pod.metadata.labels.contains(GameLabels.opsState)
    else { return }
    annotations[key] = .string(context.pod.metadata.creationTimestamp)
  }

  /// The patch as a strategic merge patch of the pod; nil where there is nothing to change.
  var patch: JSONValue? {
    var metadata = JSONObject()
    if !labels.isEmpty { metadata["labels"] = .object(labels) }
    if !annotations.isEmpty { metadata["annotations"] = .object(annotations) }
    var patch = JSONObject()
    if !metadata.isEmpty { patch["metadata"] = .object(metadata) }
    if !containers.isEmpty { patch["spec"] = ["containers": .array(containers)] }
    return patch.isEmpty ? nil : .object(patch)
  }

  private mutating func syncPriorities(_ context: ServerContext) {
    setPriority(GameLabels.deletePriority, "DeletionPriority", context.server.deletionPriority, context.pod)
    setPriority(GameLabels.updatePriority, "UpdatePriority", context.server.updatePriority, context.pod)
  }

  /// A priority that is no number, or a negative one, becomes no label value: the old one stays, and an event says so.
  private mutating func setPriority(_ key: String, _ what: String, _ priority: String?, _ pod: Pod) {
    let wanted = priority ?? ""
    let old = pod.metadata.labels[key]
    guard old != wanted else { return }
    guard wanted.isEmpty || Int(wanted).map({ $0 >= 0 }) == true, NameSyntax.labelValueProblem(wanted) == nil else {
      events.append(
        ClusterEvent(
          .warning, "Invalid\(what)", "\(what) \(wanted) is no number from 0 up; the pod keeps \(old ?? "none")"))
      return
    }
    labels[key] = .string(wanted)
    if let old, !old.isEmpty { tell(what, old, wanted) }
  }

  private mutating func syncOpsState(_ context: ServerContext) {
    let wanted = context.server.opsState ?? ""
    let old = context.pod.metadata.labels[GameLabels.opsState]
    guard old != wanted else { return }
    guard NameSyntax.labelValueProblem(wanted) == nil else {
      events.append(
        ClusterEvent(
          .warning, "InvalidOpsState", "OpsState \(wanted) cannot be a label value; the pod keeps \(old ?? "none")"))
      return
    }
    labels[GameLabels.opsState] = .string(wanted)
    annotations[GameAnnotations.opsStateChanged] = .string(context.now.description)
    guard let old, !old.isEmpty else { return }
    tell("OpsState", old, wanted, isWarning: wanted == OpsState.maintaining.rawValue)
  }

  private mutating func syncNetworkDisabled(_ context: ServerContext) {
    let wanted = context.server.isNetworkDisabled ? "true" : "false"
    let old = context.pod.metadata.labels[GameLabels.networkDisabled]
    guard old != wanted else { return }
    labels[GameLabels.networkDisabled] = .string(wanted)
    if let old, !old.isEmpty { tell("NetworkDisabled", old, wanted) }
  }

  private mutating func syncState(_ context: ServerContext) {
    let wanted = GameServerState(of: context.pod).rawValue
    let old = context.pod.metadata.labels[GameLabels.state]
    guard old != wanted else { return }
    labels[GameLabels.state] = .string(wanted)
    guard let old, !old.isEmpty else { return }
    annotations[GameAnnotations.stateChanged] = .string(context.now.description)
  }

  private mutating func tell(_ what: String, _ old: String, _ new: String, isWarning: Bool = false) {
    events.append(.turn(what, old, new, isWarning: isWarning))
  }

  /// Names the containers that an in-place update is about to change, while it is about to.
  private mutating func syncUpdatingContainers(_ context: ServerContext) {
    let old = context.pod.metadata.annotations[GameAnnotations.updatingContainers]
    switch GameServerState(of: context.pod) {
    case .updating: return
    case .preUpdate:
      let names = changingContainers(context).joined(separator: ",")
      if old != names { annotations[GameAnnotations.updatingContainers] = .string(names) }
    default:
      if old != nil { annotations[GameAnnotations.updatingContainers] = .null }
    }
  }

  /// The containers whose image the template, with the server's own overrides, wants to be another.
  ///
  /// Compares with the pod's specification: the image that a runtime reports may be spelled in another way.
  private func changingContainers(_ context: ServerContext) -> [String] {
    var wanted: [String: String] = [:]
    for container in context.set.templateContainers { wanted[container.name] = container.image }
    for override in context.server.containers where !override.image.isEmpty { wanted[override.name] = override.image }
    return context.pod.containers.filter { (wanted[$0.name] ?? $0.image) != $0.image }.map(\.name)
  }

  /// Copies keys that start with `gs-sync/`, and takes those away that the server has no more.
  private mutating func syncPrefixed(_ context: ServerContext) {
    sync(context.server.metadata.labels, context.pod.metadata.labels, isLabel: true)
    sync(context.server.metadata.annotations, context.pod.metadata.annotations, isLabel: false)
  }

  private mutating func sync(_ wanted: StringMap, _ live: StringMap, isLabel: Bool) {
    for (key, value) in wanted where key.hasPrefix(GameLabels.syncPrefix) && live[key] != value {
      guard isLabel else {
        annotations[key] = .string(value)
        continue
      }
      if NameSyntax.labelValueProblem(value) == nil { labels[key] = .string(value) }
    }
    for (key, _) in live where key.hasPrefix(GameLabels.syncPrefix) && wanted[key] == nil {
      if isLabel { labels[key] = .null } else { annotations[key] = .null }
    }
  }

  /// Sets the image of containers that the server overrides.
  ///
  /// Not while the workload updates the pod in place: it would patch its own image first and this one after it, and the container would
  /// start twice.
  private mutating func syncImages(_ context: ServerContext) {
    switch GameServerState(of: context.pod) {
    case .preUpdate, .updating, .deleting, .preDelete: return
    default: break
    }
    for override in context.server.containers where !override.image.isEmpty {
      guard let container = context.pod.containers.first(where: { $0.name == override.name }),
        container.image != override.image
      else { continue }
      containers.append(["name": .string(override.name), "image": .string(override.image)])
    }
  }
}

extension ClusterEvent {
  /// That something about a game server went from one value to another.
  static func turn(_ what: String, _ old: String, _ new: String, isWarning: Bool = false) -> ClusterEvent {
    // The blank at the end is part of the text that other programs match.
    ClusterEvent(isWarning ? .warning : .normal, "GsStateChanged", "\(what) turn from \(old) to \(new) ")
  }
}
