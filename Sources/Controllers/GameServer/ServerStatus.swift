import JSON
import Kubernetes

/// The status of a game server, complete: what is not in it any more is taken out of the stored one.
struct ServerStatus: Sendable {
  /// The new status, `lastTransitionTime` not among it.
  private(set) var fields = JSONObject()
  /// The network as it is in the status.
  let network: NetworkProjection
  /// Conditions that just became False.
  private(set) var events: [ClusterEvent] = []

  init(_ context: ServerContext, qualities: ServiceQualities, cluster: any ClusterReader) {
    let old = context.server.status
    let labels = context.pod.metadata.labels
    network = NetworkProjection(context.pod, old: old?["networkStatus"], now: context.now)
    fields["desiredState"] = "Ready"
    fields["currentState"] = .string(GameServerState(of: context.pod).rawValue)
    fields["networkStatus"] = .object(network.status)
    fields["podStatus"] = context.pod.status.map(JSONValue.init) ?? .object(JSONObject())
    if !qualities.conditions.isEmpty { fields["serviceQualitiesConditions"] = .array(qualities.conditions) }
    // The priorities are the labels' texts, strings even where the specification has numbers.
    fields["updatePriority"] = .string(labels[GameLabels.updatePriority] ?? "")
    fields["deletionPriority"] = .string(labels[GameLabels.deletePriority] ?? "")
    fields["conditions"] = .array(conditions(context, old?["conditions"], cluster))
  }

  /// The merge patch that turns the stored status into this one; nil where they are equal.
  func patch(over old: JSONView?, now: Timestamp) -> JSONValue? {
    let before = old.map(JSONValue.init) ?? .object(JSONObject())
    var unchanged = fields
    unchanged["lastTransitionTime"] = before["lastTransitionTime"]
    guard before != .object(unchanged) else { return nil }
    var after = fields
    after["lastTransitionTime"] = .string(now.description)
    return JSONMergePatch.difference(from: before, to: .object(after))
  }

  /// A pod that starts, or is updated, lacks what it will have in a moment; what stands in its way is told.
  private static func isNews(_ complaint: Complaint, _ pod: Pod) -> Bool {
    switch GameServerState(of: pod) {
    case .creating, .updating: !complaint.passesByItself
    default: true
    }
  }

  private mutating func conditions(
    _ context: ServerContext, _ old: JSONView?, _ cluster: any ClusterReader
  ) -> [JSONValue] {
    ServerConditions.make(context.pod, cluster).map { type, complaint in
      let previous = old?.elements.first { $0["type"]?.isString(type) ?? false }
      var condition: JSONValue = ["type": .string(type), "status": complaint == nil ? "True" : "False"]
      if let complaint {
        if !complaint.reason.isEmpty { condition["reason"] = .string(complaint.reason) }
        if !complaint.message.isEmpty { condition["message"] = .string(complaint.message) }
      }
      let hasChanged = ["status", "reason", "message"].contains {
        (previous?[$0]?.string ?? "") != (condition[$0]?.string ?? "")
      }
      let time = hasChanged ? nil : previous?["lastTransitionTime"]?.string
      condition["lastTransitionTime"] = .string(time ?? context.now.description)
      if let complaint, hasChanged, Self.isNews(complaint, context.pod) {
        events.append(ClusterEvent(.warning, complaint.reason, complaint.message))
      }
      return condition
    }
  }
}
