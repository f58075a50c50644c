import JSON
import Kubernetes

/// `JdCloud-NLB`: ports of a shared load balancer, one Service for each pod.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct JdCloudNLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "JdCloud-NLB"
  /// The name that plugins of this kind share.
  public let alias = "NLB-Network"
  /// JD Cloud.
  public let provider = NetworkProvider.jdCloud
  /// The load balancers, the ports and the listener's settings.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration(
      "NlbIds", .ids, required: true, repeatable: true, "Load balancers that give ports, in order of preference."),
    .portProtocols(), .fixed, .allocateNodePorts, .serviceAnnotations,
    ParameterDeclaration(
      algorithm, .word(["RoundRobin", "LeastConn", "IpHash"], .exact),
      default: "RoundRobin", "How a listener chooses a backend."),
    ParameterDeclaration(
      idleTime, .int(0...Int.max), default: "600",
      "Seconds that an idle connection lives."),
    .allowNotReadyContainers,
  ]

  private static let algorithm = "service.beta.kubernetes.io/jdcloud-lb-algorithm"
  private static let idleTime = "service.beta.kubernetes.io/jdcloud-lb-idle-time"
  /// The annotation with the load balancer's id, and the label that the cloud's controller writes.
  private static let loadBalancer = "service.beta.kubernetes.io/jdcloud-loadbalancer-id"
  private static let specification = "service.beta.kubernetes.io/jdcloud-load-balancer-spec"

  /// The ports of the load balancers, the highest of the range included.
  public let portSpace: PortSpace?

  /// A plugin that gives the ports of a range on every load balancer.
  public init(_ range: PortRange) {
    portSpace = PortSpace("jdcloud.nlb", range, annotation: Self.loadBalancer, label: Self.loadBalancer)
  }

  /// What the Service is made of.
  private struct Configuration {
    let balancers: ListedBalancers
    let allocatesNodePorts: Bool
    let annotations: [KeyValue]
    let algorithm: String
    let idleSeconds: Int

    init(_ parameters: [NetworkParameter]) throws(PluginError) {
      let values = ParameterValues(parameters)
      balancers = try ListedBalancers(values, ids: "NlbIds")
      allocatesNodePorts = try values.bool("AllocateLoadBalancerNodePorts", default: true)
      annotations = try values.annotations()
      algorithm = try values.word(
        JdCloudNLB.algorithm, ["RoundRobin", "LeastConn", "IpHash"], default: "RoundRobin", anyCase: false)
      idleSeconds = try values.int(JdCloudNLB.idleTime, in: 0...Int.max, default: 600)
    }

    /// What the cloud's controller makes of the load balancer: a listener for each port of the Service.
    func specification(of id: String, _ ports: [ServiceDraft.Port]) -> JSONValue {
      let listeners = ports.map { port -> JSONValue in
        [
          "protocol": .string((port.proto ?? .tcp).rawValue), "connectionIdleTimeSeconds": .int(idleSeconds),
          "backend": ["proxyProtocol": false, "algorithm": .string(algorithm)],
        ]
      }
      return [
        "version": "v1", "loadBalancerId": .string(id), "loadBalancerType": "nlb", "internal": false,
        "listeners": .array(listeners),
      ]
    }
  }

  /// One port of one load balancer for each entry.
  public func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand? {
    let balancers = try Configuration(context.parameters).balancers
    return try balancers.demand(
      context, in: portSpace,
      exhausted: PluginError(
        .parameter, "there are no available ports for [\(balancers.ids.joined(separator: " "))]"))
  }

  /// Makes the Service on the ports that the pod holds, and shows the load balancer's address.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try Configuration(context.parameters)
    let id = context.holding?.loadBalancers.first ?? ""
    var draft = try configuration.balancers.draft(context, names: .short)
    draft.annotations = [
      Self.loadBalancer: .string(id),
      Self.specification: .string(configuration.specification(of: id, draft.ports).text),
    ]
    draft.addUserAnnotations(configuration.annotations)
    draft.typeFields = ["allocateLoadBalancerNodePorts": .bool(configuration.allocatesNodePorts)]
    var plan = NetworkPlan()
    let service = try context.settle(draft, isCut: context.isDisabled, in: &plan)
    plan.status = context.standardStatus(service)
    return plan
  }
}
