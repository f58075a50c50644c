/// `AlibabaCloud-SLB`: ports of a shared classic load balancer, one Service for each pod.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct AlibabaCloudSLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-SLB"
  /// The name that plugins of this kind share.
  public let alias = "LB-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The instances, the ports and the health check.
  public let parameters: [ParameterDeclaration] =
    [
      ParameterDeclaration(
        "SlbIds", .ids, required: true, repeatable: true, "Instances that give ports, in order of preference."),
      .portProtocols(), .fixed, .externalTrafficPolicy(default: "Cluster"), .allowNotReadyContainers,
      ParameterDeclaration(
        "LBHealthCheckSwitch", .word(["on", "off"], .anyCase), default: "on", "Whether backends are health-checked."),
      ParameterDeclaration(
        "LBHealthCheckFlag", .word(["on", "off"], .anyCase), default: "off", "Whether they are checked over HTTP."),
      ParameterDeclaration(
        "LBHealthCheckProtocolPort", .schemePorts, "Ports that carry HTTP or HTTPS."),
    ] + NLBHealthCheck.common

  /// A plugin.
  public init() {}
}
