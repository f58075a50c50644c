import JSON
import Kubernetes

/// `Volcengine-CLB`: ports of a shared load balancer, one Service for each pod.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct VolcengineCLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "Volcengine-CLB"
  /// The name that plugins of this kind share.
  public let alias = "CLB-Network"
  /// Volcengine.
  public let provider = NetworkProvider.volcengine
  /// The load balancers, the ports and the Service's fields.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration(
      "ClbIds", .ids, required: true, repeatable: true, "Load balancers that give ports, in order of preference."),
    .portProtocols(), .fixed, .allocateNodePorts, .serviceAnnotations,
    ParameterDeclaration(
      "EnableClbScatter", .bool, default: "false", "Whether pods take turns over the load balancers."),
    ParameterDeclaration(
      "EnableMultiIngress", .bool, default: "false", "Whether every address of the load balancer is published."),
    .allowNotReadyContainers,
  ]

  /// The ports of the load balancers, the highest of the range included.
  public let portSpace: PortSpace?

  /// A plugin that gives the ports of a range on every load balancer.
  public init(_ range: PortRange) {
    portSpace = PortSpace("volcengine.clb", range, annotation: Self.loadBalancer, label: Self.loadBalancer)
  }

  private static let prefix = "service.beta.kubernetes.io/volcengine-loadbalancer-"
  /// The annotation with the load balancer's id, and the label that the cloud's controller writes.
  private static let loadBalancer = prefix + "id"

  /// What the Service is made of.
  private struct Configuration {
    let balancers: ListedBalancers
    let allocatesNodePorts: Bool
    let annotations: [KeyValue]
    let isScattered: Bool
    let showsEveryIngress: Bool

    init(_ parameters: [NetworkParameter]) throws(PluginError) {
      let values = ParameterValues(parameters)
      balancers = try ListedBalancers(values, ids: "ClbIds")
      allocatesNodePorts = try values.bool("AllocateLoadBalancerNodePorts", default: true)
      annotations = try values.annotations()
      isScattered = try values.bool("EnableClbScatter", default: false)
      showsEveryIngress = try values.bool("EnableMultiIngress", default: false)
    }
  }

  /// One port of one load balancer for each entry; scattered pods go where most is free.
  public func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand? {
    let configuration = try Configuration(context.parameters)
    let balancers = configuration.balancers
    // The texts are those of the compatibility target.
    let exhausted =
      balancers.ids.isEmpty
      ? "no load balancer IDs provided"
      : "unable to find load balancer with \(balancers.ports.count) available ports"
    return try balancers.demand(
      context, in: portSpace, choice: configuration.isScattered ? .mostFree : .first,
      exhausted: PluginError(.internal, exhausted))
  }

  /// Makes the Service on the ports that the pod holds, and shows one or all of the load balancer's addresses.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try Configuration(context.parameters)
    var draft = try configuration.balancers.draft(context, names: .withProtocol)
    draft.annotations = [
      Self.prefix + "scheduler": "wrr", Self.prefix + "address-type": "PUBLIC",
      Self.loadBalancer: .string(context.holding?.loadBalancers.first ?? ""),
    ]
    draft.addUserAnnotations(configuration.annotations)
    draft.typeFields = ["allocateLoadBalancerNodePorts": .bool(configuration.allocatesNodePorts)]
    var plan = NetworkPlan()
    let service = try context.settle(draft, isCut: context.isDisabled, in: &plan)
    plan.status = context.standardStatus(service)
    if let service, plan.status?.currentState == .ready, configuration.showsEveryIngress {
      plan.status = context.ready(service, at: service.ingressPoints.map { NetworkStatus.Address(ip: $0.ip) })
    }
    return plan
  }
}
