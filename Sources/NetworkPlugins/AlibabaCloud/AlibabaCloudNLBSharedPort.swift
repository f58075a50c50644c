import JSON
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
    return [ParameterProblem(parameter: "NlbIds", instance: id)]
  }

  /// Labels the pod as a backend of the instance, which is known without looking anywhere; not while its network is disabled.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    if let problem = check(context.parameters).first { throw PluginError(problem) }
    guard editor.label(GameLabels.networkDisabled).flatMap(Boolean.parse) != true else { return [] }
    editor.setLabel(AlibabaCloudKeys.loadBalancerLabel, Self.loadBalancer(context.parameters))
    return []
  }

  /// Makes the instance's Service, and puts the pod behind it or, while its network is disabled, takes it away.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    if let problem = check(context.parameters).first { throw PluginError(problem) }
    let instance = Self.loadBalancer(context.parameters)
    var plan = NetworkPlan()
    plan.labels[AlibabaCloudKeys.loadBalancerLabel] = .some(context.isDisabled ? nil : instance)
    let shared = SharedPortService(
      instance: instance,
      typeFields: ["loadBalancerClass": .string(AlibabaCloudKeys.networkClass)],
      hashAnnotation: GameAnnotations.networkConfigHash, mayBelongToOthers: false)
    let service = try shared.settle(context, in: &plan)
    plan.status = context.standardStatus(service) { NetworkStatus.Address(ip: "", endPoint: $0.hostname) }
    return plan
  }

  /// Takes the pod away from the instance while the network is disabled.
  public func planMeanwhile(_ context: NetworkContext) -> NetworkPlan {
    context.meanwhileBehind(AlibabaCloudKeys.loadBalancerLabel)
  }

  private static func loadBalancer(_ parameters: [NetworkParameter]) -> String {
    IDList.parse(ParameterValues(parameters).last("NlbIds") ?? "").first ?? ""
  }
}
