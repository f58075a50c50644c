import JSON
import Kubernetes

/// `HwCloud-ELB`: ports of a shared load balancer, one Service for each pod.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct HwCloudELB: NetworkPlugin {
  /// The `networkType`.
  public let name = "HwCloud-ELB"
  /// The name that plugins of this kind share.
  public let alias = "ELB-Network"
  /// Huawei Cloud.
  public let provider = NetworkProvider.hwCloud
  /// The load balancers, the ports and the listener's settings.
  public let parameters = basics + listener + healthCheck + reserved

  private static let basics: [ParameterDeclaration] = [
    ParameterDeclaration(
      "ElbIds", .ids, required: true, repeatable: true, "Load balancers that give ports, in order of preference."),
    .portProtocols(), .fixed, .externalTrafficPolicy(default: "Cluster"),
    ParameterDeclaration(
      "PublishNotReadyAddresses", .bool, default: "false", "Whether the Service leads to a pod that is not ready."),
    .allowNotReadyContainers,
  ]

  private static let listener: [ParameterDeclaration] = [
    ParameterDeclaration(
      "ElbClass", .word(["dedicated", "shared"], .anyCase), default: "dedicated", "Class of the load balancers."),
    ParameterDeclaration(
      "ElbConnLimit", .int(-1...Int.max), default: "-1", "Connections of a listener, with class shared; -1 is no limit."
    ),
    ParameterDeclaration(
      "ElbLbAlgorithm", .word(["ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP"], .anyCase), default: "ROUND_ROBIN",
      "How a listener chooses a backend."),
    ParameterDeclaration(
      "ElbSessionAffinityFlag", .word(["on", "off"], .anyCase), default: "off", "Whether sessions stay at a backend."),
    ParameterDeclaration("ElbSessionAffinityOption", .json, "How sessions stay at a backend."),
    ParameterDeclaration(
      "ElbTransparentClientIP", .bool, default: "false", "Whether backends see the addresses of clients."),
    ParameterDeclaration(
      "ElbXForwardedHost", .bool, default: "false", "Whether the header X-Forwarded-Host is rewritten."),
    ParameterDeclaration("ElbIdleTimeout", .int(0...4000), "Seconds that an idle connection lives."),
    ParameterDeclaration("ElbRequestTimeout", .int(1...300), "Seconds that a request may take to arrive."),
    ParameterDeclaration("ElbResponseTimeout", .int(1...300), "Seconds that a backend may take to answer."),
  ]

  private static let healthCheck: [ParameterDeclaration] = [
    ParameterDeclaration(
      "LBHealthCheckFlag", .word(["on", "off"], .anyCase), default: "on", "Whether backends are health-checked."),
    ParameterDeclaration("LBHealthCheckOption", .json, "How backends are health-checked."),
  ]

  private static let reserved: [ParameterDeclaration] = [
    "ElbAvailableZone", "ElbSubnetId", "ElbEipId", "ElbKeepd", "ElbEipAutoCreateOption", "ElbTlsRef",
    "ElbEnableCrossVPC", "ElbL4FlavorID", "ElbL7FlavorID",
  ].map { ParameterDeclaration($0, .ignored, "Reserved, without effect.") }

  /// The ports of the load balancers.
  public let portSpace: PortSpace?

  /// A plugin that gives the ports of a range on every load balancer.
  public init(_ range: PortRange) {
    portSpace = PortSpace("hwcloud.elb", range, annotation: HwCloudKeys.loadBalancer)
  }

  /// What the Service is made of.
  private struct Configuration {
    let balancers: ListedBalancers
    let trafficPolicy: String
    let publishesNotReady: Bool
    let annotations: JSONObject

    init(_ parameters: [NetworkParameter]) throws(PluginError) {
      let values = ParameterValues(parameters)
      balancers = try ListedBalancers(values, ids: "ElbIds")
      trafficPolicy = try values.trafficPolicy(default: "Cluster")
      publishesNotReady = try values.bool("PublishNotReadyAddresses", default: false)
      annotations = try HwCloudListener.annotations(values)
    }
  }

  /// One port of one load balancer for each entry.
  public func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand? {
    let balancers = try Configuration(context.parameters).balancers
    return try balancers.demand(
      context, in: portSpace,
      // The text is that of the compatibility target, down to its spelling.
      exhausted: PluginError(
        .parameter, "there are no avaialable ports for [\(balancers.ids.joined(separator: " "))]"))
  }

  /// Makes the Service on the ports that the pod holds, and shows the load balancer's address.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try Configuration(context.parameters)
    var draft = try configuration.balancers.draft(context, names: .withProtocol)
    draft.annotations = configuration.annotations
    draft.annotations[HwCloudKeys.loadBalancer] = .string(context.holding?.loadBalancers.first ?? "")
    draft.typeFields = ["externalTrafficPolicy": .string(configuration.trafficPolicy)]
    draft.fields = ["publishNotReadyAddresses": .bool(configuration.publishesNotReady)]
    var plan = NetworkPlan()
    let service = try context.settle(draft, isCut: context.isDisabled, in: &plan)
    plan.status = context.standardStatus(service)
    return plan
  }
}
