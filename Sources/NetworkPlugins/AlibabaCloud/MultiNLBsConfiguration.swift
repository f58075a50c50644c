import JSON
import Kubernetes

/// What the Services of `AlibabaCloud-Multi-NLBs` are made of.
struct MultiNLBsConfiguration: Sendable {
  /// The groups of instances: ids (the keys) with the names of their lines.
  let groups: [[KeyValue]]
  let ports: [ProtocolPort]
  let isFixed: Bool
  let isBalanced: Bool
  let trafficPolicy: String
  let healthCheck: JSONObject

  init(_ parameters: [NetworkParameter]) throws(PluginError) {
    let values = ParameterValues(parameters)
    groups = try values.read("NlbIdNames") { values throws(GrammarError) in
      try NamedIDs.groups(NamedIDs.parse(values.joined(separator: ",")))
    }
    ports = try values.ports()
    isFixed = try values.bool("Fixed", default: false)
    let policy = try values.word("AllocatePolicy", ["default", "balanced"], default: "default", anyCase: false)
    isBalanced = policy == "balanced"
    trafficPolicy = try values.trafficPolicy(default: "Local")
    healthCheck = try AlibabaCloudHealthCheck.network(values)
  }

  /// The groups that a pod may be given; for a pod that is on instances already its own, with the instance that each of its lines is on.
  func candidates(for context: NetworkContext) -> [[String]] {
    var served: [String: String] = [:]
    for line in Set(groups.flatMap(\.self).map { $0.value.lowercased() }) {
      guard case .own(let service) = context.claim(.services, context.key("\(context.pod.name)-\(line)")) else {
        continue
      }
      served[line] = service.metadata.annotations[AlibabaCloudKeys.loadBalancerID]
    }
    let own = groups.filter { group in group.contains { served[$0.value.lowercased()] == $0.key } }
    return (own.isEmpty ? groups : own).map { group in
      IDList.unique(group.map { served[$0.value.lowercased()] ?? $0.key })
    }
  }

  /// The instances that a pod is on with the names of their lines, in the order of the group.
  ///
  /// A pod stays behind the lines that it is behind, whatever the parameter calls their instances by now.
  func lines(of context: NetworkContext) -> [KeyValue] {
    let prefix = context.pod.name + "-"
    return (context.holding?.loadBalancers ?? []).compactMap { id in
      let names = groups.lazy.flatMap(\.self).filter { $0.key == id }.map(\.value)
      guard let service = context.holding?.services[id], service.hasPrefix(prefix) else {
        return names.first.map { KeyValue(id, $0) }
      }
      let shown = String(service.dropFirst(prefix.count))
      return KeyValue(id, names.first { $0.lowercased() == shown } ?? shown)
    }
  }

  /// The number of the group that an instance is in; what the Service says where it is in none any more.
  func group(of line: KeyValue, _ service: Service?) -> String {
    if let place = groups.firstIndex(where: { $0.contains(line) }) { return String(place) }
    return service?.metadata.annotations[AlibabaCloudMultiNLBs.groupAnnotation] ?? "0"
  }
}
