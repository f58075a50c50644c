import JSON
public import Kubernetes

/// `AlibabaCloud-AutoNLBs-V2`: network load balancers and addresses made ahead of time through the cloud's operators.
///
/// Load balancer and ports follow from the pod's number; everything is made by the controller.
public struct AlibabaCloudAutoNLBsV2: NetworkPlugin {
  /// The `networkType`.
  public let name = "AlibabaCloud-AutoNLBs-V2"
  /// The name that plugins of this kind share.
  public let alias = "Auto-NLBs-Network"
  /// Alibaba Cloud.
  public let provider = NetworkProvider.alibabaCloud
  /// The network, the ports, the lines and the health check.
  public let parameters = AutoNLBsParameters.declarations(zoneMaps: .zoneMaps) + [.allowNotReadyContainers]

  /// A plugin.
  public init() {}

  /// Demands a range that is enough for one pod, and lines that can be part of names.
  public func check(_ parameters: [NetworkParameter]) -> [ParameterProblem] { AutoNLBsLayout.check(parameters) }

  /// Keeps the pod until the controller has removed the load balancers and addresses, where they go with the GameServerSet.
  public func admit(_ editor: inout PodEditor, _ context: PluginContext) throws(PluginError) -> [PluginNote] {
    _ = try AutoNLBsLayout(context.parameters)
    if ParameterValues(context.parameters).last("RetainNLBOnDelete")?.lowercased() == "false" {
      editor.addFinalizer(Self.finalizer)
    }
    return []
  }

  /// Removed by the controller when nothing has to be cleaned up any more.
  static let finalizer = "game.kruise.io/delete-nlb-on-gss-deleted"

  /// What the cloud's operators make load balancers and addresses of.
  public let cloudResources: [Resource] = [AlibabaCloudResources.nlbs, AlibabaCloudResources.eips]

  /// Makes addresses, load balancers and Services ahead of the pods that will need them.
  public func planSet(_ context: SetNetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try AutoNLBsConfiguration(context.parameters)
    return try AutoNLBsPool(configuration, context).plan()
  }

  /// Makes sure of the pod's Services, and shows the address of each line.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let configuration = try AutoNLBsConfiguration(context.parameters)
    var plan = NetworkPlan()
    guard let set = context.set, !set.metadata.isBeingDeleted else {
      plan.labels[Self.deletingLabel] = "true"
      return plan
    }
    // Of an older set of that name.
    plan.labels[Self.deletingLabel] = .some(nil)
    let owner = try context.setOwner()
    var status = NetworkStatus(.ready)
    for line in configuration.layout.lines {
      let draft = try AutoNLBsPool.service(line, context.pod.ordinal, set, owner, configuration, context.cluster)
      guard let draft, let service = try context.settle(draft, isCut: context.isDisabled, in: &plan),
        !context.isDisabled, let point = service.ingressPoints.first, !context.pod.podIP.isEmpty
      else {
        status.currentNetworkState = NetworkState.notReady.rawValue
        continue
      }
      let shown = context.ready(
        service, at: NetworkStatus.Address(ip: point.ip, endPoint: "\(point.hostname)/\(line)"))
      status.internalAddresses += shown.internalAddresses
      status.externalAddresses += shown.externalAddresses
    }
    plan.status = status.currentState == .ready ? status : context.keeping(.notReady)
    return plan
  }

  /// Cuts the Services of every line off while the network is disabled.
  public func planMeanwhile(_ context: NetworkContext) -> NetworkPlan { context.meanwhile { $0.cutFromLoadBalancer } }

  /// Lets the pod go, at once where only the pod goes, and after load balancers and addresses where the whole set goes with them.
  public func planEnd(_ context: NetworkContext) -> NetworkPlan {
    var plan = NetworkPlan()
    guard context.pod.metadata.finalizers.contains(Self.finalizer) else { return plan }
    guard let configuration = try? AutoNLBsConfiguration(context.parameters), !configuration.retains,
      let set = context.pod.ownerSet
    else {
      plan.finalizersToRemove = [Self.finalizer]
      return plan
    }
    guard knowsEverything(context) else {
      plan.lookAgain = .seconds(5)
      return plan
    }
    // The label may be that of an older set of that name: what the set has now is for those that follow.
    guard context.set?.metadata.isBeingDeleted ?? true else {
      plan.finalizersToRemove = [Self.finalizer]
      return plan
    }
    let services = context.cluster.objects(
      .services, .label(GameLabels.ownerSet, set, namespace: context.pod.namespace))
    guard services.isEmpty else {
      // The end of a Service brings up the pod that it is for, not this one.
      plan.lookAgain = .seconds(5)
      return plan
    }
    plan.removals = AutoNLBsPool.removals(
      set, configuration.layout.lines, namespace: context.pod.namespace, context.cluster)
    plan.finalizersToRemove = [Self.finalizer]
    return plan
  }

  /// How long a pod is held for a list of the cloud's objects: a cluster without their types never has one.
  private static let patience = Duration.seconds(600)

  private func knowsEverything(_ context: NetworkContext) -> Bool {
    guard context.cluster.hasSynced(.gameServerSets) else { return false }
    let start = context.pod.metadata.deletionTimestamp.flatMap { Timestamp($0) }
    return cloudResources.allSatisfy(context.cluster.hasSynced)
      || start.map { context.now - $0 > Self.patience } ?? true
  }

  /// On pods: their GameServerSet is going.
  static let deletingLabel = "game.kruise.io/gss-deleting"
}
