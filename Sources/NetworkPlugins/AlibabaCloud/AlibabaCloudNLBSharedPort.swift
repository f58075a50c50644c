/// `AlibabaCloud-NLB-SharedPort`: pods share the ports of one network load balancer.
public struct AlibabaCloudNLBSharedPort: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-NLB-SharedPort"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The instance and the ports; the last of each counts.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration("NlbIds", .id, required: true, "The instance; its id names the Service too."),
    ParameterDeclaration(
      "PortProtocols", .ports(.tcpAndUDP), required: true, "Ports, the same inside and outside."),
    .allowNotReadyContainers,
  ]

  /// A plugin.
  public init() {}
}
