/// `Volcengine-CLB`: ports of a shared load balancer, one Service for each pod.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct VolcengineCLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "Volcengine-CLB"
  /// The name that plugins of this kind share.
  public let alias = "CLB-Network"
  /// Volcengine.
  public let provider = NetworkProvider.volcengine
  /// The load balancers, the ports and the Service's fields.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration(
      "ClbIds", .ids, required: true, repeatable: true, "Load balancers that give ports, in order of preference."),
    .portProtocols(), .fixed, .allocateNodePorts, .serviceAnnotations,
    ParameterDeclaration(
      "EnableClbScatter", .bool, default: "false", "Whether pods take turns over the load balancers."),
    ParameterDeclaration(
      "EnableMultiIngress", .bool, default: "false", "Whether every address of the load balancer is published."),
    .allowNotReadyContainers,
  ]

  /// A plugin.
  public init() {}
}
