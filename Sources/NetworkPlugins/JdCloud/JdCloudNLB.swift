/// `JdCloud-NLB`: ports of a shared load balancer, one Service for each pod.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct JdCloudNLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "JdCloud-NLB"
  /// The name that plugins of this kind share.
  public let alias = "NLB-Network"
  /// JD Cloud.
  public let provider = NetworkProvider.jdCloud
  /// The load balancers, the ports and the listener's settings.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration(
      "NlbIds", .ids, required: true, repeatable: true, "Load balancers that give ports, in order of preference."),
    .portProtocols(), .fixed, .allocateNodePorts, .serviceAnnotations,
    ParameterDeclaration(
      "service.beta.kubernetes.io/jdcloud-lb-algorithm", .word(["RoundRobin", "LeastConn", "IpHash"], .exact),
      default: "RoundRobin", "How a listener chooses a backend."),
    ParameterDeclaration(
      "service.beta.kubernetes.io/jdcloud-lb-idle-time", .int(0...Int.max), default: "600",
      "Seconds that an idle connection lives."),
    .allowNotReadyContainers,
  ]

  /// A plugin.
  public init() {}
}
