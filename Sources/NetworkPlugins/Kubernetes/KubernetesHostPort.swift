public import Kubernetes

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

  /// Appends a port with a host port to the containers for each port that they lack.
  ///
  /// The ports that were chosen are handed out from the last to the first, as the compatibility target does.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    let wanted =
      if let known = context.prepared as? WantedPorts { known.ports } else { try Self.read(context.parameters) }
    let plan = HostPortPlan(wanted, editor, allocator.range.bounds ?? 1...65535)
    var notes = plan.strangers.map { stranger in
      PluginNote.warning("network parameter ContainerPorts: the pod has no container \(quoted(stranger))")
    }
    guard !plan.needs.isEmpty else { return notes }
    let given = try publish(plan.needs, in: &editor, context)
    notes.append(.audit(key: "host-ports", value: given))
    return notes
  }

  /// Gives each port a host port of its own; answers what was given, for the audit log.
  private func publish(
    _ needs: [HostPortPlan.Need], in editor: inout PodEditor, _ context: PluginContext
  ) throws(PluginError) -> String {
    var hostPorts = try allocator.allocate(
      needs.count, for: context.handOutKey, in: context.set,
      besides: HostPortPlan.declared(by: editor.pod, allocator.range.bounds ?? 1...65535),
      isDryRun: context.isDryRun, at: context.now)
    // Bytes, because adding to a text costs ten times as much.
    var given: [UInt8] = []
    given.reserveCapacity(64 * needs.count)
    for need in needs {
      guard let hostPort = hostPorts.popLast() else { break }
      let containerPort = need.entry.containerPort ?? hostPort
      for proto in need.entry.proto.expanded {
        let port = PublishedPort(containerPort: containerPort, hostPort: hostPort, proto: proto)
        editor.appendToContainer(.containers, need.position, "ports", port.value)
      }
      if !given.isEmpty { given.append(UInt8(ascii: ",")) }
      given.append(contentsOf: need.container.utf8)
      given.append(UInt8(ascii: ":"))
      given.append(contentsOf: String(containerPort).utf8)
      given.append(contentsOf: "->".utf8)
      given.append(contentsOf: String(hostPort).utf8)
      given.append(UInt8(ascii: "/"))
      given.append(contentsOf: need.entry.proto.rawValue.utf8)
    }
    return String(decoding: given, as: UTF8.self)
  }

  /// The ports of parameters that were read once.
  private final class WantedPorts: PreparedParameters {
    let ports: [ContainerPorts]
    init(_ ports: [ContainerPorts]) { self.ports = ports }
  }

  /// Reads the ports once for all pods of a set.
  public func prepare(_ parameters: [NetworkParameter]) -> (any PreparedParameters)? {
    (try? Self.read(parameters)).map(WantedPorts.init)
  }

  private static func read(_ parameters: [NetworkParameter]) throws(PluginError) -> [ContainerPorts] {
    try ParameterValues(parameters).read("ContainerPorts") { values throws(GrammarError) in
      try ContainerPorts.parse(values)
    }
  }

  /// Shows the node's address with the host ports of the range; nothing has to be made.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    guard !context.pod.nodeName.isEmpty else { return NetworkPlan() }
    // A node that vanished takes its address with it.
    guard let node = context.node else { return NetworkPlan(context.status.map { _ in context.keeping(.notReady) }) }
    var (inside, outside): ([NetworkStatus.Port], [NetworkStatus.Port]) = ([], [])
    let bounds = allocator.range.bounds ?? 1...65535
    for container in context.pod.containers {
      for port in container.ports where bounds.contains(port.hostPort) {
        let name = "\(container.name)-\(port.containerPort)"
        inside.append(NetworkStatus.Port(name: name, proto: port.proto, port: .int(port.containerPort)))
        outside.append(NetworkStatus.Port(name: name, proto: port.proto, port: .int(port.hostPort)))
      }
    }
    let ip = context.pod.podIP
    guard !inside.isEmpty, !ip.isEmpty else { return NetworkPlan(.notReady) }
    return NetworkPlan(
      NetworkStatus(
        .ready, internalAddresses: [NetworkStatus.Address(ip: ip, ports: inside)],
        externalAddresses: [NetworkStatus.Address(ip: node.publicAddress, ports: outside)]))
  }
}
