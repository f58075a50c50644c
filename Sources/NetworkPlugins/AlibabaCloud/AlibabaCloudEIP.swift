import JSON
public import Kubernetes

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

  /// Writes the annotations that the cloud's controller reads.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    let values = ParameterValues(context.parameters)
    editor.setAnnotation("k8s.aliyun.com/pod-with-eip", "true")
    editor.setAnnotation("k8s.aliyun.com/eip-name", context.podKey.description)
    for (parameter, annotation) in Self.annotations {
      if let value = values.last(parameter) { editor.setAnnotation(annotation, value) }
    }
    return []
  }

  private static let annotations = [
    ("ReleaseStrategy", "k8s.aliyun.com/pod-eip-release-strategy"),
    ("PoolId", "k8s.aliyun.com/eip-public-ip-address-pool-id"),
    ("ResourceGroupId", "k8s.aliyun.com/eip-resource-group-id"),
    ("Bandwidth", "k8s.aliyun.com/eip-bandwidth"),
    ("BandwidthPackageId", "k8s.aliyun.com/eip-common-bandwidth-package-id"),
    ("ChargeType", "k8s.aliyun.com/eip-internet-charge-type"),
    ("Description", "k8s.aliyun.com/eip-description"),
  ]

  /// The cloud's objects with the address of a pod.
  public let cloudResources: [Resource] = [AlibabaCloudResources.podEIPs]

  /// Shows the address that the cloud's controller bound.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let bound = context.cluster.object(AlibabaCloudResources.podEIPs, context.pod.key)?.json["status"]
    guard let address = bound?["eipAddress"]?.string, !address.isEmpty else {
      return NetworkPlan(context.keeping(.waiting))
    }
    let inside = bound?["privateIPAddress"]?.string ?? ""
    return NetworkPlan(
      NetworkStatus(
        .ready, internalAddresses: [NetworkStatus.Address(ip: inside)],
        externalAddresses: [NetworkStatus.Address(ip: address)]))
  }
}
