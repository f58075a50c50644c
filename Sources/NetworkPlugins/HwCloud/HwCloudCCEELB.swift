import JSON
public import Kubernetes

/// `HwCloud-CCE-ELB`: ports of one load balancer, or a load balancer of its own, for each pod, in the cloud's own words.
///
/// Nothing happens before the pod exists: ports are given by the controller, which sees what is held.
public struct HwCloudCCEELB: NetworkPlugin {
  /// The `networkType`.
  public let name = "HwCloud-CCE-ELB"
  /// The name that plugins of this kind share.
  public let alias = "CCE-ELB-Network"
  /// Huawei Cloud.
  public let provider = NetworkProvider.hwCloud
  /// The load balancer, the ports and the Service's fields.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration(loadBalancer, .id, "Load balancer that exists already."),
    ParameterDeclaration(autoCreate, .json, "What a load balancer for each pod is made of."),
    .portProtocols(), .fixed, .externalTrafficPolicy(default: "Cluster"), .allowNotReadyContainers,
  ]
  /// They become annotations of the Service.
  public let otherParameters = OtherParameters.passedOn("annotation of the Service")

  private static let loadBalancer = HwCloudKeys.loadBalancer
  private static let autoCreate = HwCloudKeys.prefix + "autocreate"

  /// The ports of load balancers that exist already.
  public let portSpace: PortSpace?
  private let range: PortRange

  /// A plugin that gives the ports of a range on every load balancer.
  public init(_ range: PortRange) {
    self.range = range
    portSpace = PortSpace("hwcloud.cce.elb", range, annotation: Self.loadBalancer)
  }

  /// Demands exactly one of the two ways to a load balancer.
  public func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] {
    Self.problem(ParameterValues(parameters)).map { [$0] } ?? []
  }

  private static func problem(_ values: ParameterValues) -> ParameterProblem? {
    let (id, template) = (existing(values), values.text(autoCreate))
    return switch (id, template) {
    case (nil, nil):
      ParameterProblem(
        parameter: loadBalancer, value: "", message: "is missing, and so is \(autoCreate); expected one")
    case (let id?, .some):
      ParameterProblem(
        parameter: loadBalancer, value: id,
        message: "\(loadBalancer) and \(autoCreate) cannot be filled in simultaneously; expected one")
    default: nil
    }
  }

  /// The load balancer that the parameter names; nil where it names none.
  private static func existing(_ values: ParameterValues) -> String? {
    IDList.parse(values.last(loadBalancer) ?? "").first
  }

  /// What the Service is made of.
  private struct Configuration {
    /// The load balancer that exists; nil where the cloud makes one for each pod.
    let existing: String?
    let ports: [ProtocolPort]
    let isFixed: Bool
    let trafficPolicy: String
    /// The parameters that are annotations of the Service, besides the load balancer.
    let annotations: [KeyValue]

    init(_ parameters: [NetworkParameter]) throws(PluginError) {
      let values = ParameterValues(parameters)
      // Parameters from before the validation get here too, and without one way or with two nothing could be right.
      if let problem = HwCloudCCEELB.problem(values) { throw PluginError(problem) }
      existing = HwCloudCCEELB.existing(values)
      ports = try values.ports()
      isFixed = try values.bool("Fixed", default: false)
      trafficPolicy = try values.trafficPolicy(default: "Cluster")
      let others: Set = [
        "PortProtocols", "Fixed", "ExternalTrafficPolicyType", ParameterDeclaration.allowNotReadyContainersName, "",
        HwCloudCCEELB.loadBalancer,
      ]
      var annotations: [String: String] = [:]
      for entry in parameters where !others.contains(entry.name) { annotations[entry.name] = entry.value }
      self.annotations = annotations.sorted { $0.key < $1.key }.map { KeyValue($0.key, $0.value) }
    }
  }

  /// One port of the load balancer for each entry; nothing where every pod has a load balancer of its own.
  public func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand? {
    let configuration = try Configuration(context.parameters)
    _ = try context.owner(isFixed: configuration.isFixed)
    guard let existing = configuration.existing ?? Self.kept(context), let portSpace else { return nil }
    return PortDemand(portSpace, oneOf: [existing], entries: configuration.ports, exhausted: Self.exhausted(existing))
  }

  /// The load balancer that the pod's Service is on, where it was not made for the pod: players are connected through it, so the pod stays
  /// also where its load balancer would be made for it by now.
  private static func kept(_ context: NetworkContext) -> String? {
    guard case .own(let service) = context.claim(.services, context.key(context.pod.name)),
      !service.metadata.annotations.contains(autoCreate)
    else { return nil }
    return service.metadata.annotations[loadBalancer].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Makes the Service with the parameters as its annotations, and shows the load balancer's address.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try Configuration(context.parameters)
    let ports =
      context.holding == nil
      ? try ownPorts(configuration.ports, context)
      : try ServiceDraft.Port.list(configuration.ports, names: .withProtocol, on: context.holding)
    var draft = ServiceDraft(context, owner: try context.owner(isFixed: configuration.isFixed), ports: ports)
    // A pod stays on the load balancer whose ports it holds, whatever the parameter says by now.
    if let id = context.holding?.loadBalancers.first { draft.annotations[Self.loadBalancer] = .string(id) }
    let isKept = configuration.existing == nil && context.holding != nil
    draft.addUserAnnotations(configuration.annotations.filter { !isKept || $0.key != Self.autoCreate })
    draft.typeFields = ["externalTrafficPolicy": .string(configuration.trafficPolicy)]
    var plan = NetworkPlan()
    let service = try context.settle(draft, isCut: context.isDisabled, in: &plan)
    plan.status = context.standardStatus(service)
    return plan
  }

  /// The ports of a pod that has a load balancer of its own: those that its Service has, then the lowest of the range.
  private func ownPorts(
    _ entries: [ProtocolPort], _ context: NetworkContext
  ) throws(PluginError) -> [ServiceDraft.Port] {
    var held: [PortHolding.Target: Int] = [:]
    if case .own(let object) = context.claim(.services, context.key(context.pod.name)) {
      for port in object.as(Service.self).ports.map(ServicePortReading.init) {
        held[PortHolding.Target(port: port.target.description, proto: port.proto)] = port.port
      }
    }
    let targets = entries.map(PortHolding.Target.init)
    held = held.filter { targets.contains($0.key) }
    let taken = Set(held.values).union(range.blockPorts)
    var free = (range.bounds.map { Range($0) } ?? 0..<0).lazy.filter { !taken.contains($0) }.makeIterator()
    for target in targets where held[target] == nil {
      guard let port = free.next() else { throw Self.exhausted("") }
      held[target] = port
    }
    return try ServiceDraft.Port.list(
      entries, names: .withProtocol, on: PortHolding(loadBalancers: [], ports: held))
  }

  /// The text is that of the compatibility target, down to its spelling.
  private static func exhausted(_ id: String) -> PluginError {
    PluginError(.parameter, "there are no avaliable ports for [\(id)]")
  }
}
