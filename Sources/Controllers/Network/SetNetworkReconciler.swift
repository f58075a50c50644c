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
  let isStrict: Bool
  private let failures = FailureMemory()
  private let now: @Sendable () -> Timestamp

  /// A reconciler that reads from a store and writes to a cluster.
  ///
  /// - Parameter isStrict: whether a parameter that does not parse stops the set's network; else what parses counts, as in admission.
  public init(
    cluster: any ClusterReader, writer: any ClusterWriter, events: any EventRecorder, plugins: PluginRegistry,
    isStrict: Bool = true, now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.cluster = cluster
    self.writer = writer
    self.events = events
    self.plugins = plugins
    self.isStrict = isStrict
    self.now = now
  }

  /// Brings what the pods of the set of that name share to what it should be.
  public func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    guard let set = cluster.gameServerSet(key), !set.metadata.isBeingDeleted, let network = set.network,
      let plugin = plugins.plugin(named: network.type)
    else {
      failures.forget(key)
      return .done
    }
    guard cluster.hasSynced(.services), cluster.hasSynced(.pods) else { return .retry("Services are not known yet") }
    // Objects of a cloud that were made before must not be made again because they are not seen yet.
    guard plugin.cloudResources.allSatisfy(cluster.hasSynced) else {
      guard failures.lasts(key, at: now()) else { return .after(.seconds(5)) }
      record("NetworkTypesMissing", plugin.waitsForTypes(in: cluster), on: set)
      return .after(.seconds(60))
    }
    let plan: NetworkPlan
    do throws(PluginError) {
      let parameters = PodNetwork(type: network.type, parameters: network.parameters)
      plan = try plugin.planSet(
        SetNetworkContext(
          set: set, parameters: isStrict ? network.parameters : parameters.salvaged(by: plugin).parameters,
          cluster: cluster))
    } catch {
      record(error.code.rawValue, "Failed to set up network of \(key): \(error.message)", on: set)
      return error.code == .parameter ? .terminal(error.message) : .retry(error.message)
    }
    for warning in plan.warnings { record("NetworkWarning", warning, on: set) }
    do throws(KubernetesError) {
      try await NetworkWrites(writer: writer).perform(plan)
    } catch {
      if failures.lasts(key, at: now()) {
        record(PluginError.Code.apiCall.rawValue, "Failed to set up network of \(key): \(error.description)", on: set)
      }
      return .retry(error.description)
    }
    failures.forget(key)
    return plan.lookAgain.map { .after($0) } ?? .done
  }

  private func record(_ reason: String, _ message: String, on set: GameServerSet) {
    events.record(ClusterEvent(.warning, reason, message), on: ObjectReference(.gameServerSets, set))
  }
}
