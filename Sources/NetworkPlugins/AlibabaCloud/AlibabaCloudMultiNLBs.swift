import JSON
public import Kubernetes

/// `AlibabaCloud-Multi-NLBs`: the same ports on several network load balancers, such as one for each carrier.
public struct AlibabaCloudMultiNLBs: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-Multi-NLBs"
  /// The name that plugins of this kind share.
  public let alias = "Multi-NLBs-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The instances with their line names, the ports, how a group is chosen and the health check.
  public let parameters: [ParameterDeclaration] =
    [
      ParameterDeclaration(
        "NlbIdNames", .namedIDs, required: true, repeatable: true,
        "Instances with the names of their lines; the n-th of each name form group n."),
      .portProtocols(), .fixed, .externalTrafficPolicy(default: "Local"),
      ParameterDeclaration(
        "AllocatePolicy", .word(["default", "balanced"], .exact), default: "default",
        "Which group a pod gets: the first with enough ports, or the one with most."),
      .allowNotReadyContainers,
    ] + NLBHealthCheck.parameters

  /// The ports of the instances, the same that `AlibabaCloud-NLB` gives.
  public let portSpace: PortSpace?

  /// A plugin that gives the ports of a range on every instance.
  public init(_ range: PortRange) { portSpace = AlibabaCloudKeys.portSpace("alibabacloud.nlb", range) }

  /// Holds the pod back from being ready until the cloud's controller has put it behind every line.
  ///
  /// One gate for each line name, in the order in which the parameter names them. Ports are given by the controller, which sees what is
  /// held.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    let values = ParameterValues(context.parameters)
    let groups = try values.read("NlbIdNames") { values throws(GrammarError) in
      try NamedIDs.groups(NamedIDs.parse(values.joined(separator: ",")))
    }
    for line in IDList.unique(groups.flatMap { $0.map(\.value) }) {
      AlibabaCloudKeys.addReadinessGate("\(context.podKey.name)-\(line.lowercased())", to: &editor)
    }
    return []
  }

  /// The same ports on every instance of one group.
  public func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand? {
    let configuration = try MultiNLBsConfiguration(context.parameters)
    _ = try context.owner(isFixed: configuration.isFixed)
    return portSpace.map { space in
      PortDemand(
        space, candidates: configuration.candidates(for: context), entries: configuration.ports,
        choice: configuration.isBalanced ? .mostFree : .first,
        exhausted: PluginError(.parameter, "no available ports found"))
    }
  }

  /// Makes one Service for each line, and shows all of their host names as one end point.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try MultiNLBsConfiguration(context.parameters)
    let owner = try context.owner(isFixed: configuration.isFixed)
    let ports = try ServiceDraft.Port.list(configuration.ports, names: .withProtocol, on: context.holding)
    var plan = NetworkPlan()
    var served: [(line: KeyValue, service: Service)] = []
    let lines = configuration.lines(of: context)
    for line in lines {
      var draft = ServiceDraft(
        context, owner: owner, name: "\(context.pod.name)-\(line.value.lowercased())", ports: ports)
      draft.labels = AlibabaCloudKeys.serviceLabels
      draft.labels[Self.typeLabel] = .string(name)
      draft.annotations = AlibabaCloudKeys.annotations(loadBalancer: line.key, configuration.healthCheck)
      draft.annotations[Self.groupAnnotation] = .string(configuration.group(of: line, context.service(draft.key.name)))
      draft.typeFields = [
        "loadBalancerClass": .string(AlibabaCloudKeys.networkClass), "allocateLoadBalancerNodePorts": false,
        "externalTrafficPolicy": .string(configuration.trafficPolicy),
      ]
      if let service = try context.settle(draft, isCut: context.isDisabled, in: &plan) {
        served.append((line, service))
      }
    }
    plan.status = served.count == lines.count ? status(served, context) : context.keeping(.notReady)
    return plan
  }

  /// Every instance has the same ports, so one set of addresses says it all.
  private func status(_ served: [(line: KeyValue, service: Service)], _ context: NetworkContext) -> NetworkStatus {
    let points = served.compactMap { $0.service.ingressPoints.first }
    guard !context.isDisabled, context.pod.isReady, points.count == served.count, let last = points.last,
      let service = served.last?.service
    else { return context.keeping(.notReady) }
    let hosts = zip(points, served).map { "\($0.hostname)/\($1.line.value)" }.joined(separator: ",")
    return context.ready(service, at: NetworkStatus.Address(ip: last.ip, endPoint: hosts), namedAsService: true)
  }

  private static let typeLabel = "game.kruise.io/network-type"
  static let groupAnnotation = "game.kruise.io/lb-belong-index"
}
