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
}
