import JSON
public import Kubernetes

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

  /// What the Service and the Ingress are made of.
  struct Configuration: Sendable, Hashable {
    /// One path with what stands at its position.
    struct Path: Sendable, Hashable {
      let path: String
      let type: String
      let port: Int
    }

    /// The paths in order.
    let paths: [Path]
    /// Every port of the Service; more than the paths use where more are given.
    let ports: [Int]
    let host: String
    let ingressClass: String?
    let tlsHosts: [String]
    let tlsSecret: String
    let annotations: [KeyValue]
    let isFixed: Bool

    init(_ parameters: [NetworkParameter], ordinal: Int) throws(PluginError) {
      let values = ParameterValues(parameters)
      ports = try values.read("Port") { values throws(GrammarError) in try values.map(portNumber) }
      let expanded = try values.read("Path") { values throws(GrammarError) in
        try values.map { path throws(GrammarError) in try IDTemplate.expand(path, ordinal: ordinal) }
      }
      let types = values.all("PathType")
      for (name, isMissing) in [("Path", expanded.isEmpty), ("PathType", types.isEmpty), ("Port", ports.isEmpty)]
      where isMissing { throw PluginError(ParameterProblem(parameter: name, value: "", message: "is missing")) }
      let firstPort = ports[0]
      var paths: [Path] = []
      for (position, path) in expanded.enumerated() {
        paths.append(
          Path(
            path: path, type: position < types.count ? types[position] : types[0],
            port: position < ports.count ? ports[position] : firstPort))
      }
      self.paths = paths
      host = try values.read("Host") { values throws(GrammarError) in
        try IDTemplate.expand(values.last ?? "", ordinal: ordinal)
      }
      ingressClass = values.last("IngressClassName")
      tlsHosts = IDList.parse(values.last("TlsHosts") ?? "")
      tlsSecret = values.last("TlsSecretName") ?? ""
      annotations = try values.read("Annotation") { values throws(GrammarError) in
        try values.map { text throws(GrammarError) in try KeyValue.annotation(text) }
      }
      isFixed = try values.bool("Fixed", default: false)
    }
  }

  /// Refuses a pod whose parameters do not parse; Service and Ingress are made once the pod exists and can own them.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    _ = try Configuration(context.parameters, ordinal: Ordinal.of(context.podKey.name))
    return []
  }

  /// Makes the Service, then the Ingress, and shows its host and paths.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try Configuration(context.parameters, ordinal: context.pod.ordinal)
    let owner = try context.owner(isFixed: configuration.isFixed)
    var plan = NetworkPlan()
    guard try context.settle(service(configuration, owner, context), isCut: false, in: &plan) != nil,
      let ingress = try context.settle(ingress(configuration, owner, context), in: &plan)?.as(Ingress.self),
      !context.pod.podIP.isEmpty
    else {
      plan.status = context.keeping(.notReady)
      return plan
    }
    plan.status = status(ingress, context)
    return plan
  }

  private func service(
    _ configuration: Configuration, _ owner: OwnerReference, _ context: NetworkContext
  ) -> ServiceDraft {
    var seen: Set<Int> = []
    let ports = configuration.ports.filter { seen.insert($0).inserted }
    var draft = ServiceDraft(
      context, owner: owner,
      ports: ports.map { ServiceDraft.Port(name: String($0), port: $0, target: nil, proto: nil) })
    draft.type = "ClusterIP"
    draft.hashAnnotation = KubernetesKeys.serviceHash
    return draft
  }

  private func ingress(
    _ configuration: Configuration, _ owner: OwnerReference, _ context: NetworkContext
  ) -> ObjectDraft {
    var annotations = JSONObject()
    for pair in configuration.annotations { annotations[pair.key] = .string(pair.value) }
    annotations[KubernetesKeys.ingressHash] = .string(context.configurationHash)
    let paths = configuration.paths.map { path -> JSONValue in
      [
        "path": .string(path.path), "pathType": .string(path.type),
        "backend": ["service": ["name": .string(context.pod.name), "port": ["number": .int(path.port)]]],
      ]
    }
    var rule: JSONObject = ["http": ["paths": .array(paths)]]
    if !configuration.host.isEmpty { rule["host"] = .string(configuration.host) }
    var spec: JSONObject = ["rules": [.object(rule)]]
    if let name = configuration.ingressClass { spec["ingressClassName"] = .string(name) }
    if !configuration.tlsHosts.isEmpty || !configuration.tlsSecret.isEmpty {
      var tls = JSONObject()
      if !configuration.tlsHosts.isEmpty { tls["hosts"] = .array(configuration.tlsHosts.map { .string($0) }) }
      if !configuration.tlsSecret.isEmpty { tls["secretName"] = .string(configuration.tlsSecret) }
      spec["tls"] = [.object(tls)]
    }
    return ObjectDraft(
      .ingresses, context.key(context.pod.name), annotations: annotations, owner: owner, ["spec": .object(spec)],
      gentle: [["metadata", "annotations", KubernetesKeys.ingressHash]])
  }

  /// What the live Ingress leads to the pod; the address of the ingress controller where it tells one.
  private func status(_ ingress: Ingress, _ context: NetworkContext) -> NetworkStatus {
    let rule = ingress.rules.first
    let ports = (rule?["http"]?["paths"]?.elements.map(\.self) ?? []).map { path in
      NetworkStatus.Port(
        name: path["path"]?.string ?? "",
        port: path["backend"]?["service"]?["port"]?["number"].flatMap(IntOrString.init))
    }
    let outside = NetworkStatus.Address(
      ip: ingress.loadBalancerIngress.first?["ip"]?.string ?? "", ports: ports, endPoint: rule?["host"]?.string ?? "")
    return NetworkStatus(
      .ready, internalAddresses: [NetworkStatus.Address(ip: context.pod.podIP, ports: ports)],
      externalAddresses: [outside])
  }
}

private func portNumber(_ text: String) throws(GrammarError) -> Int {
  guard let port = PortNumber.parse(text) else {
    throw GrammarError("\(quoted(text)) is not a number from 1 to 65535")
  }
  return port
}
