public import Kubernetes

/// `AlibabaCloud-Multi-NLBs`: the same ports on several network load balancers, such as one for each carrier.
public struct AlibabaCloudMultiNLBs: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-Multi-NLBs"
  /// The name that plugins of this kind share.
  public let alias = "Multi-NLBs-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The instances with their line names, the ports, how a group is chosen and the health check.
  public let parameters: [ParameterDeclaration] =
    [
      ParameterDeclaration(
        "NlbIdNames", .namedIDs, required: true, repeatable: true,
        "Instances with the names of their lines; the n-th of each name form group n."),
      .portProtocols(), .fixed, .externalTrafficPolicy(default: "Local"),
      ParameterDeclaration(
        "AllocatePolicy", .word(["default", "balanced"], .exact), default: "default",
        "Which group a pod gets: the first with enough ports, or the one with most."),
      .allowNotReadyContainers,
    ] + NLBHealthCheck.parameters

  /// A plugin.
  public init() {}

  /// Holds the pod back from being ready until the cloud's controller has put it behind every line.
  ///
  /// One gate for each line name, in the order in which the parameter names them. Ports are given by the controller, which sees what is
  /// held.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    let values = ParameterValues(context.parameters)
    let pairs = try values.read("NlbIdNames") { values throws(GrammarError) in
      try NamedIDs.parse(values.joined(separator: ","))
    }
    for line in IDList.parse(pairs.map(\.value)) {
      AlibabaCloudKeys.addReadinessGate("\(context.podKey.name)-\(line.lowercased())", to: &editor)
    }
    return []
  }
}
