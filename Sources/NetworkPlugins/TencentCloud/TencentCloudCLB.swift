/// `TencentCloud-CLB`: ports of a pool of load balancers that the cloud's own controller keeps, asked for by annotations of the pod.
///
/// The annotations are written by the controller: they follow the network's state, and the cloud's controller reads them at any time.
public struct TencentCloudCLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "TencentCloud-CLB"
  /// The name that plugins of this kind share.
  public let alias = "CLB-Network"
  /// Tencent Cloud.
  public let provider = NetworkProvider.tencentCloud
  /// The ports; ids are accepted for the manifests that have them.
  public let parameters: [ParameterDeclaration] = [
    .portProtocols(),
    ParameterDeclaration(
      "ClbIds", .ignored, repeatable: true, "Without effect: the cloud's controller has a pool of its own."),
  ]

  /// A plugin.
  public init() {}
}
