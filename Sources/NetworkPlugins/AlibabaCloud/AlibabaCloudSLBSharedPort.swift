import JSON
public import Kubernetes

/// `AlibabaCloud-SLB-SharedPort`: pods share a port of a classic load balancer, which balances over them.
///
/// The label that makes a pod a backend names the chosen instance, and the choice needs the number of backends of each instance. So it is
/// made by the controller as soon as the pod exists, not in admission.
public struct AlibabaCloudSLBSharedPort: NetworkPlugin {
  /// The `networkType`.
  public let name = networkType
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The instances, the ports and further Services; the last `PortProtocols` and `SlbIds` count.
  public let parameters: [ParameterDeclaration] = [
    ParameterDeclaration("SlbIds", .ids, required: true, "Instances, each for at most 200 pods."),
    ParameterDeclaration(
      "PortProtocols", .ports(.tcpAndUDP), required: true, "Ports, the same inside and outside."),
    .allowNotReadyContainers,
    ParameterDeclaration(
      "ManagedServiceNames", .names, "Further Services of the namespace that in-place updates keep reachable."),
    ParameterDeclaration(
      "ManagedServiceSelector", .label, "Label of the pod that is set and removed together with the instance's."),
  ]

  /// A plugin.
  public init() {}

  /// Demands ids that can name a Service and stand in a label.
  public func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] {
    IDList.parse(ParameterValues(parameters).last("SlbIds") ?? "").compactMap { id in
      KubernetesName.isServiceName(id[...]) ? nil : ParameterProblem(parameter: "SlbIds", instance: id)
    }
  }

  /// The places for pods behind the instances.
  public let portSpace: PortSpace? = PortSpace(
    "alibabacloud.slb-shared-port", seats: backendLimit, of: networkType, annotation: instanceAnnotation,
    label: AlibabaCloudKeys.loadBalancerLabel)

  private static let networkType = "AlibabaCloud-SLB-SharedPort"
  /// The most backends that one instance takes.
  static let backendLimit = 200
  /// The instance of a pod whose network is disabled, so that it comes back to the same one.
  static let instanceAnnotation = "game.kruise.io/slb-shared-port-instance"

  /// A place behind the instance with the fewest pods.
  public func demand(_ context: NetworkContext) throws(PluginError) -> PortDemand? {
    let ids = IDList.parse(context.values.last("SlbIds") ?? "")
    return portSpace.map { space in
      PortDemand(
        space, oneOf: ids, entries: [],
        exhausted: PluginError(.parameter, "the number of backends supported by slb reaches the upper limit"))
    }
  }

  /// Makes the instance's Service, and puts the pod behind it or, while its network is disabled, takes it away.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    guard let instance = context.holding?.loadBalancers.first else { return NetworkPlan() }
    let managed = try context.values.read("ManagedServiceSelector") { values throws(GrammarError) in
      try values.last.map { text throws(GrammarError) in try KeyValue.label(text) }
    }
    var plan = NetworkPlan()
    plan.labels[AlibabaCloudKeys.loadBalancerLabel] = .some(context.isDisabled ? nil : instance)
    plan.annotations[Self.instanceAnnotation] = .some(context.isDisabled ? instance : nil)
    if let managed { plan.labels[managed.key] = .some(context.isDisabled ? nil : managed.value) }
    let shared = SharedPortService(
      instance: instance, labels: ["game.kruise.io/AlibabaCloud-SLB-SharedPort": "true"], hashAnnotation: nil,
      mayBelongToOthers: true)
    let service = try shared.settle(context, in: &plan)
    try settleManaged(context, in: &plan)
    plan.status = context.standardStatus(service)
    return plan
  }

  /// Takes the pod away from the instance while the network is disabled.
  public func planMeanwhile(_ context: NetworkContext) -> NetworkPlan {
    var plan = context.meanwhileBehind(AlibabaCloudKeys.loadBalancerLabel)
    guard context.isDisabled else { return plan }
    if let instance = context.pod.metadata.labels[AlibabaCloudKeys.loadBalancerLabel] {
      plan.annotations[Self.instanceAnnotation] = instance
    }
    if let managed = context.values.last("ManagedServiceSelector").flatMap({ try? KeyValue.label($0) }) {
      plan.labels[managed.key] = .some(nil)
    }
    return plan
  }

  /// Lets further Services publish the pods while containers that may be not ready are updated.
  private func settleManaged(_ context: NetworkContext, in plan: inout NetworkPlan) throws(PluginError) {
    for name in IDList.parse(context.values.all("ManagedServiceNames")) {
      guard let service = context.service(name), let gate = context.gate(service, isShared: true) else { continue }
      plan.hold(back: gate.blocker)
      let draft = ObjectDraft(
        .services, service.key, owner: nil, ["spec": ["publishNotReadyAddresses": .bool(gate.publishesNotReady)]])
      switch draft.difference(from: KubernetesObject(service.json)) {
      case .none: break
      case .gentle(let write), .substantial(let write): plan.writes.append(write)
      }
    }
  }
}
