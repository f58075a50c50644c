/// `AlibabaCloud-EIP`: an elastic address for each pod, made by the cloud's network controller from the pod's annotations.
public struct AlibabaCloudEIP: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-EIP"
  /// The name that plugins of this kind share.
  public let alias = "EIP-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// What the cloud's controller reads; it knows what it accepts.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration(
      "ReleaseStrategy", .text("Follow, Never or a duration such as 5m30s"), "When the address is released."),
    ParameterDeclaration("PoolId", .text("an id"), "Pool that the address comes from."),
    ParameterDeclaration("ResourceGroupId", .text("an id"), "Resource group of the address."),
    ParameterDeclaration("Bandwidth", .text("Mbit/s as the cloud writes it"), "Bandwidth of the address."),
    ParameterDeclaration("BandwidthPackageId", .text("an id"), "Bandwidth package that the address joins."),
    ParameterDeclaration("ChargeType", .text("PayByTraffic or PayByBandwidth"), "How the address is paid for."),
    ParameterDeclaration("Description", .text("any text"), "Description of the address."),
  ]

  /// A plugin.
  public init() {}
}
