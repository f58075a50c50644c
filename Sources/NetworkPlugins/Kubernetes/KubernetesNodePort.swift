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
}
