import JSON
import Kubernetes

/// `AlibabaCloud-NLB`: ports of a shared network load balancer, one Service for each pod.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct AlibabaCloudNLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-NLB"
  /// The name that plugins of this kind share.
  public let alias = "NLB-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The instances, the ports and the health check.
  public let parameters: [ParameterDeclaration] =
    [
      ParameterDeclaration(
        "NlbIds", .ids, required: true, repeatable: true, "Instances that give ports, in order of preference."),
      .portProtocols(), .fixed, .allowNotReadyContainers,
    ] + NLBHealthCheck.parameters

  /// The ports of the instances.
  public let portSpace: PortSpace?

  /// A plugin that gives the ports of a range on every instance.
  public init(_ range: PortRange) { portSpace = AlibabaCloudKeys.portSpace("alibabacloud.nlb", range) }

  /// What the Service is made of.
  struct Configuration: Sendable {
    let balancers: ListedBalancers
    let healthCheck: JSONObject

    init(_ parameters: [NetworkParameter]) throws(PluginError) {
      let values = ParameterValues(parameters)
      balancers = try ListedBalancers(values, ids: "NlbIds")
      healthCheck = try AlibabaCloudHealthCheck.network(values)
    }
  }

  /// One port of one instance for each entry.
  public func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand? {
    let balancers = try Configuration(context.parameters).balancers
    return try balancers.demand(context, in: portSpace, exhausted: AlibabaCloudKeys.exhausted(balancers.ids))
  }

  /// Makes the Service on the ports that the pod holds, and shows the instance's host name.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try Configuration(context.parameters)
    var draft = try configuration.balancers.draft(context, names: .short)
    draft.labels = AlibabaCloudKeys.serviceLabels
    draft.annotations = AlibabaCloudKeys.annotations(
      loadBalancer: context.holding?.loadBalancers.first ?? "", configuration.healthCheck)
    draft.typeFields = [
      "loadBalancerClass": .string(AlibabaCloudKeys.networkClass), "externalTrafficPolicy": "Local",
    ]
    var plan = NetworkPlan()
    let service = try context.settle(draft, isCut: context.isDisabled, in: &plan)
    plan.status = context.standardStatus(service) { NetworkStatus.Address(ip: $0.ip, endPoint: $0.hostname) }
    return plan
  }
}
