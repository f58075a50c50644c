/// `AlibabaCloud-AutoNLBs`.
public struct AlibabaCloudAutoNLBs: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-AutoNLBs"
  /// The name that plugins of this kind share.
  public let alias = "Auto-NLBs-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The network, the ports, the lines and the health check.
  public let parameters = AutoNLBsParameters.declarations(zoneMaps: .text("VPC@ZONE:VSWITCH,ZONE:VSWITCH"))

  /// A plugin.
  public init() {}
}
