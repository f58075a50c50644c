public import Kubernetes
public import NetworkPlugins

/// Makes what the pods of a GameServerSet share: load balancers and Services that are there before their pods.
public struct SetNetworkReconciler: Reconciler {
  /// The name in logs, metrics and events.
  public let name = "network-set-controller"
  let cluster: any ClusterReader
  let writer: any ClusterWriter
  let events: any EventRecorder
  let plugins: PluginRegistry

  /// A reconciler that reads from a store and writes to a cluster.
  public init(
    cluster: any ClusterReader, writer: any ClusterWriter, events: any EventRecorder, plugins: PluginRegistry
  ) {
    self.cluster = cluster
    self.writer = writer
    self.events = events
    self.plugins = plugins
  }

  /// Brings what the pods of the set of that name share to what it should be.
  public func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    guard let set = cluster.gameServerSet(key), !set.metadata.isBeingDeleted, let network = set.network,
      let plugin = plugins.plugin(named: network.type)
    else { return .done }
    guard cluster.hasSynced(.services), cluster.hasSynced(.pods) else { return .retry("Services are not known yet") }
    // Objects of a cloud that were made before must not be made again because they are not seen yet.
    for resource in plugin.cloudResources where !cluster.hasSynced(resource) { return .after(.seconds(5)) }
    let plan: NetworkPlan
    do throws(PluginError) {
      plan = try plugin.planSet(SetNetworkContext(set: set, parameters: network.parameters, cluster: cluster))
    } catch {
      record(error.code.rawValue, "Failed to set up network of \(key): \(error.message)", on: set)
      return error.code == .parameter ? .terminal(error.message) : .retry(error.message)
    }
    for warning in plan.warnings { record("NetworkWarning", warning, on: set) }
    do throws(KubernetesError) {
      try await NetworkWrites(writer: writer).perform(plan)
    } catch {
      return .retry(error.description)
    }
    return plan.lookAgain.map { .after($0) } ?? .done
  }

  private func record(_ reason: String, _ message: String, on set: GameServerSet) {
    events.record(ClusterEvent(.warning, reason, message), on: ObjectReference(.gameServerSets, set))
  }
}
