public import Kubernetes

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

  /// Writes the annotations that the cloud's controller reads.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    let values = ParameterValues(context.parameters)
    editor.setAnnotation("k8s.aliyun.com/pod-dnat", "true")
    editor.setAnnotation(Self.exposedPorts, values.last("Ports") ?? "")
    if let proto = values.text("Protocol") { editor.setAnnotation("k8s.aliyun.com/pod-dnat-expose-protocol", proto) }
    if let fixed = values.text("Fixed") { editor.setAnnotation("k8s.aliyun.com/pod-dnat-fixed", fixed) }
    return []
  }

  /// The annotation with the ports; the entries of the gateway are complete when there are as many.
  static let exposedPorts = "k8s.aliyun.com/pod-dnat-expose-port"
}
