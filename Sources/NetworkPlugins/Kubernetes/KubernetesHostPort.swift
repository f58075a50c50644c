/// `Kubernetes-HostPort`: publishes ports of the pod's containers on its node.
public struct KubernetesHostPort: NetworkPlugin {
  /// The `networkType`.
  public let name = "Kubernetes-HostPort"
  /// Kubernetes itself.
  public let provider = NetworkProvider.kubernetes
  /// Which ports to publish.
  public let parameters = [
    ParameterDeclaration(
      "ContainerPorts", .containerPorts, repeatable: true,
      "Ports of a container to publish on the node; SameAsHost makes the container's port equal to the node's.")
  ]

  private let allocator: HostPortAllocator

  /// A plugin that takes host ports from an allocator.
  public init(allocator: HostPortAllocator) { self.allocator = allocator }
}
