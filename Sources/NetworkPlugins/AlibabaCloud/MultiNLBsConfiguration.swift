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

  /// The instances that a pod is on with the names of their lines, in the order of the group.
  ///
  /// An instance that is not among the parameters any more keeps its pod; its line is then what the pod's Service is called.
  func lines(of context: NetworkContext) -> [KeyValue] {
    let held = context.holding?.loadBalancers ?? []
    if let group = groups.first(where: { $0.map(\.key) == held }) { return group }
    let names = Dictionary(groups.flatMap(\.self).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    return held.compactMap { id in (names[id] ?? line(of: id, context)).map { KeyValue(id, $0) } }
  }

  private func line(of id: String, _ context: NetworkContext) -> String? {
    let owners = [context.pod.metadata.uid, context.set?.metadata.uid ?? ""]
    let prefix = context.pod.name + "-"
    return owners.lazy.flatMap { context.cluster.objects(.services, .owner(uid: $0)) }
      .first {
        $0.name.hasPrefix(prefix) && $0.metadata.annotations.has(AlibabaCloudKeys.loadBalancerID, id)
          && $0.as(Service.self).podKey == context.pod.key
      }
      .map { String($0.name.dropFirst(prefix.count)) }
  }

  /// The number of the group that an instance is in; what the Service says where it is in none any more.
  func group(of line: KeyValue, _ service: Service?) -> String {
    if let place = groups.firstIndex(where: { $0.contains(line) }) { return String(place) }
    return service?.metadata.annotations[AlibabaCloudMultiNLBs.groupAnnotation] ?? "0"
  }
}
