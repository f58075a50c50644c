/// `AlibabaCloud-NLB`: ports of a shared network load balancer, one Service for each pod.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct AlibabaCloudNLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-NLB"
  /// The name that plugins of this kind share.
  public let alias = "NLB-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The instances, the ports and the health check.
  public let parameters: [ParameterDeclaration] =
    [
      ParameterDeclaration(
        "NlbIds", .ids, required: true, repeatable: true, "Instances that give ports, in order of preference."),
      .portProtocols(), .fixed, .allowNotReadyContainers,
    ] + NLBHealthCheck.parameters

  /// A plugin.
  public init() {}
}
