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
}
