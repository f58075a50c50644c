public import Kubernetes

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

  /// Demands an id that can name a Service and stand in a label.
  public func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] {
    let id = Self.loadBalancer(parameters)
    guard !KubernetesName.isServiceName(id[...]) else { return [] }
    return [
      ParameterProblem(
        parameter: "NlbIds", value: id,
        message: "\(quoted(id)) cannot name a Service; expected one id of 1 to 63 of a-z 0-9 -, the first a letter")
    ]
  }

  /// Labels the pod as a backend of the instance, which is known without looking anywhere; not while its network is disabled.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    if let problem = check(context.parameters).first { throw PluginError(problem) }
    guard editor.label(GameLabels.networkDisabled).flatMap(Boolean.parse) != true else { return [] }
    editor.setLabel(AlibabaCloudKeys.loadBalancerLabel, Self.loadBalancer(context.parameters))
    return []
  }

  private static func loadBalancer(_ parameters: [NetworkParameter]) -> String {
    IDList.parse(ParameterValues(parameters).last("NlbIds") ?? "").first ?? ""
  }
}
