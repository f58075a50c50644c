import JSON
public import Kubernetes

/// `AlibabaCloud-AutoNLBs`: network load balancers that Services make, each for as many pods as its ports are enough for.
///
/// Load balancer and ports follow from the pod's number, so admission computes them; the Services are made by the controller.
public struct AlibabaCloudAutoNLBs: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-AutoNLBs"
  /// The name that plugins of this kind share.
  public let alias = "Auto-NLBs-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The network, the ports, the lines and the health check.
  public let parameters = AutoNLBsParameters.declarations(zoneMaps: .text("VPC@ZONE:VSWITCH,ZONE:VSWITCH"))

  /// A plugin.
  public init() {}

  /// Demands a range that is enough for one pod, and lines that can be part of names.
  public func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] { AutoNLBsLayout.check(parameters) }

  /// Names the ports of the first container, as the Services' target ports do, and holds the pod back from being ready until the cloud's
  /// controller has put it behind every line.
  ///
  /// Ports that the container has stay: probes may refer to them by name.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    let layout = try AutoNLBsLayout(context.parameters)
    let ordinal = Ordinal.of(context.podKey.name)
    let present = editor.container(.containers, 0, "ports")?.array ?? []
    for entry in layout.entries {
      for proto in entry.proto.expanded {
        let name = Self.portName(entry.port, proto, ordinal)
        guard !present.contains(where: { $0["name"]?.string == name }) else { continue }
        editor.appendToContainer(
          .containers, 0, "ports",
          ["name": .string(name), "containerPort": .int(entry.port), "protocol": .string(proto.rawValue)])
      }
    }
    for line in layout.lines {
      let service = Self.serviceName(context.set?.name ?? "", line, layout.loadBalancer(of: ordinal))
      AlibabaCloudKeys.addReadinessGate(service, to: &editor)
    }
    return []
  }

  /// Makes the Services of every line, those in reserve included; each makes a load balancer of its own.
  public func planSet(_ context: SetNetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try AutoNLBsConfiguration(context.parameters)
    var plan = NetworkPlan()
    for line in configuration.layout.lines {
      for number in 0..<configuration.count(context) {
        // The plan is full; a set that was scaled to millions by mistake is not counted through.
        guard plan.lookAgain == nil else { break }
        context.create(service(line, number, configuration, context), in: &plan)
      }
    }
    return plan
  }

  private func service(
    _ line: String, _ number: Int, _ configuration: AutoNLBsConfiguration, _ context: SetNetworkContext
  ) -> ServiceDraft {
    let layout = configuration.layout
    var ports: [ServiceDraft.Port] = []
    for ordinal in number * layout.podsPerLoadBalancer..<(number + 1) * layout.podsPerLoadBalancer {
      for (entry, outside) in zip(layout.entries, layout.ports(of: ordinal)) {
        for proto in entry.proto.expanded {
          let name = Self.portName(entry.port, proto, ordinal)
          ports.append(ServiceDraft.Port(name: name, port: outside, target: .string(name), proto: proto))
        }
      }
    }
    var draft = ServiceDraft(
      context.key(Self.serviceName(context.set.name, line, number)),
      owner: OwnerReference(.gameServerSets, context.set),
      selector: [GameLabels.ownerSet: .string(context.set.name)], ports: ports)
    draft.labels = AlibabaCloudKeys.serviceLabels
    draft.annotations = configuration.healthCheck
    draft.annotations[AlibabaCloudKeys.prefix + "zone-maps"] = .string(configuration.zoneMaps)
    if AutoNLBsConfiguration.isIntranet(line) {
      draft.annotations[AlibabaCloudKeys.prefix + "address-type"] = "intranet"
    }
    draft.typeFields = configuration.typeFields
    draft.hashAnnotation = nil
    return draft
  }

  /// Shows the host names of the pod's load balancers, one for each line, as one end point.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let layout = try AutoNLBsConfiguration(context.parameters).layout
    let number = layout.loadBalancer(of: context.pod.ordinal)
    var hosts: [String] = []
    var outside: [String: Int] = [:]
    for line in layout.lines {
      let service = context.service(Self.serviceName(context.pod.ownerSet ?? "", line, number))
      guard let service, let point = service.ingressPoints.first else { continue }
      hosts.append("\(point.hostname)/\(line)")
      outside = Dictionary(
        service.ports.map { ($0["name"]?.string ?? "", $0["port"]?.int ?? 0) }, uniquingKeysWith: { first, _ in first })
    }
    guard hosts.count == layout.lines.count, context.pod.isReady, !context.pod.podIP.isEmpty else {
      return NetworkPlan(context.keeping(.notReady))
    }
    var status = NetworkStatus(.ready)
    var (inner, outer): ([NetworkStatus.Port], [NetworkStatus.Port]) = ([], [])
    for entry in layout.entries {
      for proto in entry.proto.expanded {
        let name = Self.portName(entry.port, proto, context.pod.ordinal)
        inner.append(NetworkStatus.Port(name: name, proto: proto.rawValue, port: .int(entry.port)))
        outer.append(NetworkStatus.Port(name: name, proto: proto.rawValue, port: outside[name].map { .int($0) }))
      }
    }
    if let missing = outer.first(where: { $0.port == nil }) {
      var plan = NetworkPlan(context.keeping(.notReady))
      plan.warnings = ["no Service of load balancer \(number) has port \(missing.name): they are of other parameters"]
      return plan
    }
    status.internalAddresses = [NetworkStatus.Address(ip: context.pod.podIP, ports: inner)]
    status.externalAddresses = [
      NetworkStatus.Address(ip: "", ports: outer, endPoint: hosts.joined(separator: ","))
    ]
    return NetworkPlan(status)
  }

  /// The Service of a line that holds the pods of one load balancer.
  static func serviceName(_ set: String, _ line: String, _ number: Int) -> String {
    "\(set)-\(AutoNLBsLayout.name(of: line))-\(number)"
  }

  /// The name by which a Service that holds many pods tells their ports apart.
  static func portName(_ port: Int, _ proto: PortProtocol, _ ordinal: Int) -> String {
    "\(proto.lowercased)-\(ordinal)-\(port)"
  }
}
