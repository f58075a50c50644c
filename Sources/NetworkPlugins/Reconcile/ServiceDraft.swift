import JSON
import Kubernetes

/// A Service as a plugin wants it.
struct ServiceDraft: Sendable {
  /// A port of a Service.
  struct Port: Sendable, Hashable {
    let name: String
    let port: Int
    /// The pod's port; nil leaves it to the API server, which takes ``port``.
    let target: IntOrString?
    /// nil leaves it to the API server, which takes TCP.
    let proto: PortProtocol?
  }

  /// How ports are named.
  enum PortNames: Sendable {
    /// `80`, and where a number has two protocols `80-tcp` and `80-udp`.
    case short
    /// `80-tcp`.
    case withProtocol
  }

  var key: NamespacedName
  var owner: OwnerReference
  var labels = JSONObject()
  var annotations = JSONObject()
  /// The type while the network is enabled.
  var type = "LoadBalancer"
  /// Fields of the specification besides type, selector and ports that only a Service of that type may have.
  var typeFields = JSONObject()
  /// Further fields of the specification.
  var fields = JSONObject()
  var selector: JSONObject
  var ports: [Port]
  /// The annotation for the hash of the configuration; nil where the Service carries none.
  var hashAnnotation: String? = GameAnnotations.networkConfigHash

  /// The Service of a pod: named after it and leading to it alone.
  init(_ context: NetworkContext, owner: OwnerReference, name: String? = nil, ports: [Port]) {
    self.init(
      context.key(name ?? context.pod.name), owner: owner,
      selector: [GameLabels.podName: .string(context.pod.name)], ports: ports)
  }

  /// A Service of any name that leads to what a selector says.
  init(_ key: NamespacedName, owner: OwnerReference, selector: JSONObject, ports: [Port]) {
    self.key = key
    self.owner = owner
    self.selector = selector
    self.ports = ports
  }

  /// Adds annotations that a user gave, where the plugin has none of that key.
  mutating func addUserAnnotations(_ list: [KeyValue]) {
    var own = Set(annotations.members.map(\.name))
    if let hashAnnotation { own.insert(hashAnnotation) }
    for pair in list where !own.contains(pair.key) { annotations[pair.key] = .string(pair.value) }
  }

  /// The object to apply, with the hash of what the user configured.
  func object(hash: String, isCut: Bool, publishesNotReady: Bool?) -> ObjectDraft {
    var annotations = annotations
    if let hashAnnotation { annotations[hashAnnotation] = .string(hash) }
    var spec: JSONObject = ["type": .string(isCut ? "ClusterIP" : type)]
    if !isCut { for member in typeFields.members { spec[member.name] = member.value } }
    for member in fields.members { spec[member.name] = member.value }
    // A Service that always shows pods that are not ready has nothing to gain from an update in place.
    if let publishesNotReady, fields["publishNotReadyAddresses"] != true {
      spec["publishNotReadyAddresses"] = .bool(publishesNotReady)
    }
    spec["selector"] = .object(selector)
    spec["ports"] = .array(ports.map(\.value))
    return ObjectDraft(
      .services, key, labels: labels, annotations: annotations, owner: owner, ["spec": .object(spec)],
      exact: [["spec", "ports"], ["spec", "selector"]],
      gentle: [["spec", "publishNotReadyAddresses"]] + (hashAnnotation.map { [["metadata", "annotations", $0]] } ?? []))
  }
}

extension ServiceDraft.Port {
  var value: JSONValue {
    var port: JSONObject = ["name": .string(name), "port": .int(self.port)]
    if let proto { port["protocol"] = .string(proto.rawValue) }
    if let target { port["targetPort"] = target.value }
    return .object(port)
  }

  /// The ports of a Service for entries, each with its port outside; an entry of two protocols makes two.
  static func list(
    _ entries: [ProtocolPort], names: ServiceDraft.PortNames, _ outside: (ProtocolPort) throws(PluginError) -> Int
  ) throws(PluginError) -> [ServiceDraft.Port] {
    var ports: [ServiceDraft.Port] = []
    for entry in entries {
      let number = try outside(entry)
      let isAlone = entry.proto.expanded.count == 1 && entries.count { $0.port == entry.port } == 1
      for proto in entry.proto.expanded {
        let isShort = if case .short = names { isAlone } else { false }
        ports.append(
          ServiceDraft.Port(
            name: isShort ? String(entry.port) : "\(entry.port)-\(proto.lowercased)", port: number,
            target: .int(entry.port), proto: proto))
      }
    }
    return ports
  }

  /// The ports of a Service on the load balancer ports that a pod holds.
  static func list(
    _ entries: [ProtocolPort], names: ServiceDraft.PortNames, on holding: PortHolding?
  ) throws(PluginError) -> [ServiceDraft.Port] {
    try list(entries, names: names) { entry throws(PluginError) in
      guard let port = holding?.port(for: entry) else {
        throw PluginError(.internal, "no port is held for \(entry.port)/\(entry.proto.rawValue)")
      }
      return port
    }
  }
}
