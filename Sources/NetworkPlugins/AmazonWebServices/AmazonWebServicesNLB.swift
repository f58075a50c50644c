import JSON
public import Kubernetes

/// `AmazonWebServices-NLB`: listeners of a shared network load balancer, made through target groups.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct AmazonWebServicesNLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "AmazonWebServices-NLB"
  /// The name that plugins of this kind share.
  public let alias = "NLB-Network"
  /// Amazon Web Services.
  public let provider = NetworkProvider.amazonWebServices
  /// The load balancers, the ports and the target groups' health check.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration(
      "NlbARNs", .ids, required: true, repeatable: true, "Load balancers that give ports, in order of preference."),
    ParameterDeclaration("NlbVPCId", .text("an id"), default: "", "VPC of the target groups."),
    ParameterDeclaration("NlbHealthCheck", .targetGroupHealthCheck, "Health check of the target groups."),
    .portProtocols(), .fixed, .serviceAnnotations, .allowNotReadyContainers,
  ]

  /// The ports of the load balancers.
  public let portSpace: PortSpace?

  /// A plugin that gives the ports of a range on every load balancer.
  public init(_ range: PortRange) {
    portSpace = PortSpace("aws.nlb", range, annotation: AmazonWebServicesKeys.loadBalancer)
  }

  /// The objects behind a listener, which the cloud's two controllers carry out.
  public let cloudResources: [Resource] = [
    AmazonWebServicesResources.targetGroups, AmazonWebServicesResources.listeners,
    AmazonWebServicesResources.targetGroupBindings,
  ]

  /// What the objects are made of.
  struct Configuration: Sendable {
    let loadBalancers: [String]
    let vpcID: String?
    let healthCheck: [(name: String, value: JSONValue)]
    /// Tells one health check from another.
    let healthCheckHash: String
    let ports: [ProtocolPort]
    let isFixed: Bool
    let annotations: [KeyValue]

    init(_ parameters: [NetworkParameter]) throws(PluginError) {
      let values = ParameterValues(parameters)
      loadBalancers = values.ids("NlbARNs")
      vpcID = values.text("NlbVPCId")
      healthCheck = try values.read("NlbHealthCheck") { values throws(GrammarError) in
        try TargetGroupHealthCheck.parse(values.last ?? "")
      }
      healthCheckHash = StableHash.configuration(values.last("NlbHealthCheck") ?? "")
      ports = try values.ports()
      isFixed = try values.bool("Fixed", default: false)
      annotations = try values.annotations()
    }
  }

  /// One port of one load balancer for each entry.
  public func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand? {
    let configuration = try Configuration(context.parameters)
    _ = try context.owner(isFixed: configuration.isFixed)
    // The text is that of the compatibility target.
    let text = "no NLB has \(configuration.ports.count) enough available ports for \(context.pod.key)"
    return portSpace.map { space in
      PortDemand(
        space, oneOf: configuration.loadBalancers, entries: configuration.ports,
        exhausted: PluginError(.apiCall, text))
    }
  }

  /// Takes the bindings away while the network is disabled.
  public func planMeanwhile(_ context: NetworkContext) -> NetworkPlan {
    var plan = context.meanwhile { _ in [:] }
    guard context.isDisabled else { return plan }
    let bindings = AmazonWebServicesResources.targetGroupBindings
    plan.removals = TargetGroupChain.objects(bindings, of: context).filter { !$0.metadata.isBeingDeleted }
      .map { NetworkPlan.Removal(bindings, $0) }
    return plan
  }

  /// Makes a target group, a listener and a binding for each port and one Service, and shows the load balancer's host name.
  ///
  /// The network is ready when every port is forwarded; it is cut by taking the bindings away.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try Configuration(context.parameters)
    let ports = try ServiceDraft.Port.list(configuration.ports, names: .short, on: context.holding)
    let owner = try context.owner(isFixed: configuration.isFixed)
    let arn = context.holding?.loadBalancers.first ?? ""
    let chain = TargetGroupChain(context: context, configuration: configuration, loadBalancer: arn, owner: owner)
    var plan = NetworkPlan()
    var isForwarding = !context.isDisabled
    for entry in configuration.ports {
      guard let port = context.holding?.port(for: entry) else { continue }
      if try !chain.settle(port, for: entry, in: &plan) { isForwarding = false }
    }
    plan.status = context.keeping(.notReady)
    // The Service shows who holds a port: it lets go of one only when no listener is left on it.
    guard chain.removeSurplus(keeping: Set(ports.map(\.port)), in: &plan) else { return plan }
    var draft = ServiceDraft(context, owner: owner, ports: ports)
    draft.type = "ClusterIP"
    draft.labels = AmazonWebServicesKeys.labels(context.pod)
    draft.annotations = [AmazonWebServicesKeys.loadBalancer: .string(arn)]
    draft.addUserAnnotations(configuration.annotations)
    guard let service = try context.settle(draft, isCut: false, in: &plan), isForwarding else { return plan }
    let host = AmazonWebServicesKeys.hostName(of: arn)
    plan.status = context.ready(service, at: NetworkStatus.Address(ip: "", endPoint: host))
    return plan
  }
}
