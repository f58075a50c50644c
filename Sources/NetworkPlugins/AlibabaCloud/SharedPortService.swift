import JSON
import Kubernetes

/// The Service of an instance whose ports pods share: named after the instance, one for each namespace.
struct SharedPortService: Sendable {
  let instance: String
  var labels = JSONObject()
  var typeFields = JSONObject()
  var hashAnnotation: String?
  /// Whether the Service may be one that another set has made, as long as it has the same ports.
  let mayBelongToOthers: Bool

  /// Puts what the Service needs into a plan, and answers it where it is as it should be.
  ///
  /// It is made of the set's parameters and not the pod's: while an update rolls through a set, pods differ in theirs.
  ///
  /// - Throws: a parameter error where the Service is another set's.
  func settle(_ context: NetworkContext, in plan: inout NetworkPlan) throws(PluginError) -> Service? {
    let set = context.set?.network.flatMap { $0.type == context.network.type ? $0 : nil }
    let values = ParameterValues(set?.parameters ?? context.parameters)
    let entries = try values.read("PortProtocols") { values throws(GrammarError) in
      try PortList.parse(values.suffix(1).map { context.network.isSalvaged ? Self.salvaged($0) : $0 })
    }
    let ports = try ServiceDraft.Port.list(entries, names: .short) { entry in entry.port }
    let key = context.key(instance)
    if case .foreign(let object) = context.claim(.services, key) {
      return try other(object.as(Service.self), ports, context, &plan)
    }
    var draft = ServiceDraft(
      key, owner: try context.setOwner(), selector: [AlibabaCloudKeys.loadBalancerLabel: .string(instance)],
      ports: ports)
    draft.labels = labels
    draft.annotations = AlibabaCloudKeys.annotations(loadBalancer: instance, JSONObject())
    draft.typeFields = typeFields
    draft.hashAnnotation = hashAnnotation
    return try context.settle(draft, isCut: false, isShared: true, in: &plan)
  }

  /// Lets the Service of another set publish this one's pods while their containers that may be not ready are updated.
  private func publish(_ service: Service, _ context: NetworkContext, _ plan: inout NetworkPlan) {
    guard let gate = context.gate(service, isShared: true) else { return }
    plan.hold(back: gate.blocker)
    guard gate.publishesNotReady != service.publishesNotReady else { return }
    let spec: JSONValue = ["publishNotReadyAddresses": .bool(gate.publishesNotReady)]
    plan.changes.append(ObjectChange(.services, service, ["spec": spec]))
    // A change of the Service brings up only the other set's pods.
    plan.lookAgain = .seconds(5)
  }

  private static func salvaged(_ ports: String) -> String { ParameterKind.ports(.tcpAndUDP).salvaged(ports) ?? ports }

  private func other(
    _ service: Service, _ ports: [ServiceDraft.Port], _ context: NetworkContext, _ plan: inout NetworkPlan
  ) throws(PluginError) -> Service? {
    // It goes with its set, and then this one has to make its own; its end brings up only the other set's pods.
    plan.lookAgain = .seconds(30)
    guard !service.metadata.isBeingDeleted else { return nil }
    let live = Set(service.ports.map { [$0["port"]?.int ?? 0, $0["protocol"]?.isString("UDP") == true ? 1 : 0] })
    let wanted = Set(ports.map { [$0.port, $0.proto == .udp ? 1 : 0] })
    if mayBelongToOthers, live == wanted {
      publish(service, context, &plan)
      return service
    }
    let owner = service.metadata.controller.map { "\($0.kind) \($0.name)" } ?? "nobody"
    throw PluginError(
      ParameterProblem(
        parameter: "PortProtocols", value: "",
        message: "Service \(service.key) of instance \(instance) belongs to \(owner)"
          + (mayBelongToOthers ? " and has other ports" : "; choose another instance")))
  }
}

extension ParameterProblem {
  /// An instance whose id cannot be the name of its Service.
  init(parameter: String, instance id: String) {
    self.init(
      parameter: parameter, value: id,
      message: "\(quoted(id)) cannot name a Service; expected ids of 1 to 63 of a-z 0-9 -, the first a letter")
  }
}
