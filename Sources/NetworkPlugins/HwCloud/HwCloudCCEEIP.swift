public import Kubernetes

/// `HwCloud-CCE-EIP`: an elastic address for each pod of a CCE Turbo cluster, asked for by annotations of the pod.
public struct HwCloudCCEEIP: NetworkPlugin {
  /// The `networkType`.
  public let name = "HwCloud-CCE-EIP"
  /// The name that plugins of this kind share.
  public let alias = "CCE-EIP-Network"
  /// Huawei Cloud.
  public let provider = NetworkProvider.hwCloud
  /// The annotations that are copied; the cloud knows what it accepts.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration("yangtse.io/pod-with-eip", .text("true or false"), "Whether the pod gets an address."),
    ParameterDeclaration("yangtse.io/eip-bandwidth-size", .text("Mbit/s"), "Bandwidth of the address."),
    ParameterDeclaration("yangtse.io/eip-network-type", .text("a line of the cloud"), "Line of the address."),
    ParameterDeclaration("yangtse.io/eip-charge-mode", .text("bandwidth or traffic"), "How it is paid for."),
    ParameterDeclaration("yangtse.io/eip-bandwidth-name", .text("any text"), "Name of the bandwidth."),
    ParameterDeclaration("yangtse.io/eip-bandwidth-id", .text("an id"), "Bandwidth that the address shares."),
    ParameterDeclaration("yangtse.io/eip-id", .text("ids"), "Addresses that exist already."),
    ParameterDeclaration("yangtse.io/security-group-ids", .text("ids"), "Security groups of the pod."),
    ParameterDeclaration("yangtse.io/additional-security-group-ids", .text("ids"), "Further security groups."),
  ]

  /// A plugin.
  public init() {}

  /// Copies the parameters to annotations of the same names, which the cloud's network plugin reads.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    let values = ParameterValues(context.parameters)
    for parameter in parameters {
      if let value = values.last(parameter.name) { editor.setAnnotation(parameter.name, value) }
    }
    return []
  }

  /// Shows the address that the cloud's network plugin wrote on the pod.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    guard let address = context.pod.metadata.annotations[Self.allocated], !address.isEmpty,
      !context.pod.podIP.isEmpty
    else { return NetworkPlan(context.keeping(.waiting)) }
    return NetworkPlan(
      NetworkStatus(
        .ready, internalAddresses: [NetworkStatus.Address(ip: context.pod.podIP)],
        externalAddresses: [NetworkStatus.Address(ip: address)]))
  }

  private static let allocated = "yangtse.io/allocated-ipv4-eip"
}
