/// What plugins of shared load balancers have in common: the load balancers that the user lists, and the ports that each pod has on one of them.
struct ListedBalancers: Sendable {
  let ids: [String]
  let ports: [ProtocolPort]
  let isFixed: Bool

  /// Reads the load balancers from the parameter of that name, and the ports.
  init(_ values: ParameterValues, ids name: String) throws(PluginError) {
    ids = values.ids(name)
    ports = try values.ports()
    isFixed = try values.bool("Fixed", default: false)
  }

  /// One port of one load balancer for each entry; nothing for a pod whose Service could not be made.
  func demand(
    _ context: NetworkContext, in space: PortSpace?, choice: PortDemand.Choice = .first, exhausted: PluginError
  ) throws(PluginError) -> PortDemand? {
    _ = try context.owner(isFixed: isFixed)
    return space.map { PortDemand($0, oneOf: ids, entries: ports, choice: choice, exhausted: exhausted) }
  }

  /// The pod's Service on the ports that it holds.
  func draft(_ context: NetworkContext, names: ServiceDraft.PortNames) throws(PluginError) -> ServiceDraft {
    ServiceDraft(
      context, owner: try context.owner(isFixed: isFixed),
      ports: try ServiceDraft.Port.list(ports, names: names, on: context.holding))
  }
}
