import JSON
public import Kubernetes

/// `Kubernetes-NodePort`: one Service of type NodePort for each pod; Kubernetes chooses the node ports.
public struct KubernetesNodePort: NetworkPlugin {
  /// The `networkType`.
  public let name = "Kubernetes-NodePort"
  /// Kubernetes itself.
  public let provider = NetworkProvider.kubernetes
  /// Which ports to publish, and for how long the Service lives; the last `PortProtocols` counts.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration("PortProtocols", .ports(.withSCTP), required: true, "Ports of the pod to publish."),
    .fixed, .allowNotReadyContainers,
  ]

  /// A plugin.
  public init() {}

  /// What the Service is made of.
  struct Configuration: Sendable, Hashable {
    let ports: [ProtocolPort]
    let isFixed: Bool

    init(_ parameters: [NetworkParameter]) throws(PluginError) {
      let values = ParameterValues(parameters)
      ports = try values.read("PortProtocols") { values throws(GrammarError) in
        try PortList.parse(values.suffix(1), .withSCTP)
      }
      isFixed = try values.bool("Fixed", default: false)
    }
  }

  /// Refuses a pod whose parameters do not parse; the Service is made once the pod exists and can own it.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    _ = try Configuration(context.parameters)
    return []
  }

  /// Makes the Service, and shows the node's address once it has node ports; takes the pod out of its selector while the network is disabled.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try Configuration(context.parameters)
    guard !context.pod.nodeName.isEmpty else {
      return NetworkPlan(context.status == nil ? nil : context.keeping(.waiting))
    }
    var plan = NetworkPlan()
    var draft = ServiceDraft(
      context, owner: try context.owner(isFixed: configuration.isFixed),
      ports: try ServiceDraft.Port.list(configuration.ports, names: .short) { entry in entry.port })
    draft.type = "NodePort"
    draft.hashAnnotation = KubernetesKeys.serviceHash
    if context.isDisabled { draft.selector = [Service.disabledSelector: .string(context.pod.name)] }
    let service = try context.settle(draft, isCut: false, in: &plan)
    plan.status = status(service, context)
    return plan
  }

  /// Takes the pod out of the Service's selector while the network is disabled.
  public func planMeanwhile(_ context: NetworkContext) -> NetworkPlan {
    context.meanwhile { service in
      guard let pod = service.selector[GameLabels.podName] else { return [:] }
      return ["selector": [GameLabels.podName: .null, Service.disabledSelector: .string(pod)]]
    }
  }

  private func status(_ service: Service?, _ context: NetworkContext) -> NetworkStatus? {
    guard let service, !context.isDisabled, !context.pod.podIP.isEmpty else { return context.keeping(.notReady) }
    guard let node = context.node else { return nil }
    let ports = service.ports.map(ServicePortReading.init)
    guard ports.allSatisfy({ $0.nodePort != 0 }) else { return context.keeping(.notReady) }
    let address = NetworkStatus.Address(ip: node.publicAddress)
    return NetworkStatus(
      .ready, internalAddresses: ports.map { $0.inside(context.pod.podIP) },
      externalAddresses: ports.map { $0.outside(address, port: .int($0.nodePort)) })
  }
}
