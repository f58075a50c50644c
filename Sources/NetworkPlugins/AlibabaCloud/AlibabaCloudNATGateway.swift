import JSON
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

  /// The cloud's objects with the entries of a pod.
  public let cloudResources: [Resource] = [AlibabaCloudResources.podDNATs]

  /// Shows the entries that the cloud's controller made; ready when there is one for each port.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let entries = context.cluster.object(AlibabaCloudResources.podDNATs, context.pod.key)?.json["status"]?["entries"]
    guard let entries, !entries.isEmpty else { return NetworkPlan(context.keeping(.waiting)) }
    let wanted = IDList.parse(context.pod.metadata.annotations[Self.exposedPorts] ?? "").count
    var status = NetworkStatus(entries.count == wanted ? .ready : .waiting)
    for entry in entries.elements {
      func text(_ field: String) -> String { entry[field]?.string ?? "" }
      let proto = text("ipProtocol").uppercased()
      func address(_ ip: String, _ port: String) -> NetworkStatus.Address {
        let name = text("internalPort")
        return NetworkStatus.Address(ip: ip, ports: [NetworkStatus.Port(name: name, proto: proto, port: .string(port))])
      }
      status.internalAddresses.append(address(text("internalIP"), text("internalPort")))
      status.externalAddresses.append(address(text("externalIP"), text("externalPort")))
    }
    return NetworkPlan(status)
  }
}
