/// `AlibabaCloud-NATGW`: DNAT entries of a NAT gateway, made by the cloud's network controller from the pod's annotations.
public struct AlibabaCloudNATGateway: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-NATGW"
  /// The name that plugins of this kind share.
  public let alias = "NATGW-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// What the cloud's controller reads.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration("Ports", .portNumbers, default: "", "Ports of the pod to publish."),
    ParameterDeclaration("Protocol", .text("a protocol of the cloud, such as tcp"), "Protocol of the ports."),
    ParameterDeclaration("Fixed", .bool, "Whether the entries outlive the pod."),
  ]

  /// A plugin.
  public init() {}
}
