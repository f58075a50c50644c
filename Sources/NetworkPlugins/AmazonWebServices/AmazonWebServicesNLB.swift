/// `AmazonWebServices-NLB`: listeners of a shared network load balancer, made through target groups.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct AmazonWebServicesNLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "AmazonWebServices-NLB"
  /// The name that plugins of this kind share.
  public let alias = "NLB-Network"
  /// Amazon Web Services.
  public let provider = NetworkProvider.amazonWebServices
  /// The load balancers, the ports and the target groups' health check.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration(
      "NlbARNs", .ids, required: true, repeatable: true, "Load balancers that give ports, in order of preference."),
    ParameterDeclaration("NlbVPCId", .text("an id"), default: "", "VPC of the target groups."),
    ParameterDeclaration("NlbHealthCheck", .targetGroupHealthCheck, "Health check of the target groups."),
    .portProtocols(), .fixed, .serviceAnnotations, .allowNotReadyContainers,
  ]

  /// A plugin.
  public init() {}
}
