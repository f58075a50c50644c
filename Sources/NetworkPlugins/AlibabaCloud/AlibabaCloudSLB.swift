import JSON
import Kubernetes

/// `AlibabaCloud-SLB`: ports of a shared classic load balancer, one Service for each pod.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct AlibabaCloudSLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-SLB"
  /// The name that plugins of this kind share.
  public let alias = "LB-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The instances, the ports and the health check.
  public let parameters: [ParameterDeclaration] =
    [
      ParameterDeclaration(
        "SlbIds", .ids, required: true, repeatable: true, "Instances that give ports, in order of preference."),
      .portProtocols(), .fixed, .externalTrafficPolicy(default: "Cluster"), .allowNotReadyContainers,
      ParameterDeclaration(
        "LBHealthCheckSwitch", .word(["on", "off"], .anyCase), default: "on", "Whether backends are health-checked."),
      ParameterDeclaration(
        "LBHealthCheckFlag", .word(["on", "off"], .anyCase), default: "off", "Whether they are checked over HTTP."),
      ParameterDeclaration(
        "LBHealthCheckProtocolPort", .schemePorts, "Ports that carry HTTP or HTTPS."),
    ] + NLBHealthCheck.common

  /// The ports of the instances.
  public let portSpace: PortSpace?

  /// A plugin that gives the ports of a range on every instance.
  public init(_ range: PortRange) { portSpace = AlibabaCloudKeys.portSpace("alibabacloud.slb", range) }

  /// What the Service is made of.
  struct Configuration: Sendable {
    let balancers: ListedBalancers
    let trafficPolicy: String
    let healthCheck: JSONObject

    init(_ parameters: [NetworkParameter]) throws(PluginError) {
      let values = ParameterValues(parameters)
      balancers = try ListedBalancers(values, ids: "SlbIds")
      trafficPolicy = try values.trafficPolicy(default: "Cluster")
      healthCheck = try AlibabaCloudHealthCheck.classic(values)
    }
  }

  /// One port of one instance for each entry.
  public func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand? {
    let balancers = try Configuration(context.parameters).balancers
    return try balancers.demand(context, in: portSpace, exhausted: AlibabaCloudKeys.exhausted(balancers.ids))
  }

  /// Makes the Service on the ports that the pod holds, and shows the instance's address.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try Configuration(context.parameters)
    var draft = try configuration.balancers.draft(context, names: .withProtocol)
    draft.labels = AlibabaCloudKeys.serviceLabels
    draft.annotations = AlibabaCloudKeys.annotations(
      loadBalancer: context.holding?.loadBalancers.first ?? "", configuration.healthCheck)
    draft.typeFields = ["externalTrafficPolicy": .string(configuration.trafficPolicy)]
    var plan = NetworkPlan()
    let service = try context.settle(draft, isCut: context.isDisabled, in: &plan)
    plan.status = context.standardStatus(service)
    return plan
  }
}
