/// `Kubernetes-Ingress`: one Service and one Ingress for each pod, with paths or a host that hold the pod's number.
public struct KubernetesIngress: NetworkPlugin {
  /// The `networkType`.
  public let name = "Kubernetes-Ingress"
  /// Kubernetes itself.
  public let provider = NetworkProvider.kubernetes
  /// Paths with their types and ports by position, the host, and what the ingress controller reads.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration(
      "Path", .template("a path"), required: true, repeatable: true, "Path of the Ingress that leads to the pod."),
    ParameterDeclaration(
      "PathType", .word(["Exact", "Prefix", "ImplementationSpecific"], .exact), required: true, repeatable: true,
      "Path type of the path at the same position; a missing one is the first."),
    ParameterDeclaration(
      "Port", .int(1...65535), required: true, repeatable: true,
      "Port of the pod behind the path at the same position; a missing one is the first."),
    ParameterDeclaration("Host", .template("a host"), "Host of the Ingress rule."),
    ParameterDeclaration("IngressClassName", .text("the name of an IngressClass"), "Class of the Ingress."),
    ParameterDeclaration("TlsHosts", .names, "Hosts of the TLS certificate."),
    ParameterDeclaration("TlsSecretName", .text("the name of a Secret"), "Secret with the TLS certificate."),
    ParameterDeclaration("Annotation", .annotation, repeatable: true, "Annotation of the Ingress."),
    .fixed,
  ]

  /// A plugin.
  public init() {}
}
