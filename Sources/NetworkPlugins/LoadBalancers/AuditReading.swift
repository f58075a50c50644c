import Kubernetes

/// Reads what a Service holds and whether it should.
struct AuditReading: Sendable {
  let cluster: any ClusterReader
  let plugins: PluginRegistry
  /// The spaces in which pods have ports of their own, and those in which they share them.
  private let spaces: [PortSpace]

  init(cluster: any ClusterReader, plugins: PluginRegistry) {
    self.cluster = cluster
    self.plugins = plugins
    spaces = plugins.portSpaces
  }

  /// What a Service holds; nil for one that is on no load balancer.
  func service(_ service: Service) -> AuditedService? {
    guard let id = spaces.lazy.compactMap({ $0.loadBalancer(of: service) }).first else { return nil }
    let owner = owner(of: service)
    let type: String? = if case .network(let type) = owner { type } else { nil }
    let holds = holds(of: service, id, type)
    return AuditedService(
      service: service, loadBalancer: id, type: type, holds: holds, findings: findings(service, id, owner, holds))
  }

  /// What a Service was made for.
  private enum Owner {
    /// A pod or GameServerSet that is there, with a network of this type.
    case network(String)
    /// Something that is not there any more; the words say what.
    case gone(String)
    /// Nothing of ours.
    case foreign
  }

  private func owner(of service: Service) -> Owner {
    let metadata = service.metadata
    let isOurs = metadata.annotations.contains(GameAnnotations.networkConfigHash)
    guard let owner = metadata.controller else {
      return isOurs ? .gone("nothing owns it, though a plugin made it") : .foreign
    }
    let key = NamespacedName(service.namespace, owner.name)
    switch owner.kind {
    case Resource.pods.kind:
      guard let pod = cluster.pod(key), pod.metadata.uid == owner.uid else { return .gone("pod \(key) is gone") }
      return pod.metadata.annotations[GameAnnotations.networkType].map(Owner.network) ?? .foreign
    case Resource.gameServerSets.kind:
      guard let set = cluster.gameServerSet(key), set.metadata.uid == owner.uid else {
        return .gone("GameServerSet \(key) is gone")
      }
      return set.network.map { .network($0.type) } ?? .foreign
    default: return .foreign
    }
  }

  private func holds(of service: Service, _ id: String, _ type: String?) -> [PortAudit.Hold] {
    var ports: [(number: Int, protocols: [String])] = []
    for port in service.ports.map(ServicePortReading.init) {
      if let place = ports.firstIndex(where: { $0.number == port.port }) {
        ports[place].protocols.append(port.proto)
      } else {
        ports.append((port.port, [port.proto]))
      }
    }
    return ports.map { number, protocols in
      PortAudit.Hold(
        loadBalancer: id, port: number, protocols: protocols, service: service.key, pod: service.selectedPod,
        type: type)
    }
  }

  private func findings(
    _ service: Service, _ id: String, _ owner: Owner, _ holds: [PortAudit.Hold]
  ) -> [PortAudit.Finding] {
    // What is on its way out is in order: its ports are held until the cloud has let go of them.
    guard !service.metadata.isBeingDeleted else { return [] }
    func finding(_ kind: PortAudit.Finding.Kind, _ text: String, mends: Bool = false) -> PortAudit.Finding {
      PortAudit.Finding(
        kind: kind, service: service.key, uid: service.metadata.uid, message: text, isMendedByDeletion: mends)
    }
    let ports = holds.map { String($0.port) }.joined(separator: ", ")
    switch owner {
    case .foreign: return []
    case .gone(let why):
      return [finding(.leak, "\(why); holds \(ports.isEmpty ? "no ports" : ports) of \(id)", mends: true)]
    case .network(let type):
      guard !holds.isEmpty else { return [finding(.withoutPorts, "names \(id) and has no port on it")] }
      // Plugins that compute their ports, or share them, have no range of the configuration.
      guard let space = plugins.plugin(named: type)?.portSpace, space.seats == nil else { return [] }
      let usage = PortUsage(space.range)
      let outside = holds.filter { !usage.mayGive($0.port) }.map { String($0.port) }
      guard !outside.isEmpty else { return [] }
      let text = "\(outside.joined(separator: ", ")) of \(id) may not be given from [\(space.name)]"
      return [finding(.outOfRange, text)]
    }
  }
}
