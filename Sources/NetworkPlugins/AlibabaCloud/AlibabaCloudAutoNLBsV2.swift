/// `AlibabaCloud-AutoNLBs-V2`.
public struct AlibabaCloudAutoNLBsV2: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-AutoNLBs-V2"
  /// The name that plugins of this kind share.
  public let alias = "Auto-NLBs-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The network, the ports, the lines and the health check.
  public let parameters = AutoNLBsParameters.declarations(zoneMaps: .zoneMaps) + [.allowNotReadyContainers]

  /// A plugin.
  public init() {}
}
