public import Kubernetes
public import NetworkPlugins

/// Gives pods their networks: lets the plugin of a pod decide, writes what it wants, and shows the state in the pod's annotation.
///
/// The key is the pod's. Nothing is kept but the ports that were given and that no Service shows yet.
public struct NetworkReconciler: Reconciler {
  /// The name in logs, metrics and events.
  public let name = "network-controller"
  let cluster: any ClusterReader
  let writer: any ClusterWriter
  let events: any EventRecorder
  let plugins: PluginRegistry
  let ports: LoadBalancerPorts
  let isStrict: Bool
  let now: @Sendable () -> Timestamp
  private let failures = FailureMemory()

  /// A reconciler that reads from a store and writes to a cluster.
  ///
  /// - Parameters:
  ///   - ports: the allocator of the plugins' spaces, which observes the same store.
  ///   - isStrict: whether a parameter that does not parse stops the pod's network; else what parses counts, as in admission.
  public init(
    cluster: any ClusterReader, writer: any ClusterWriter, events: any EventRecorder, plugins: PluginRegistry,
    ports: LoadBalancerPorts, isStrict: Bool = true, now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.cluster = cluster
    self.writer = writer
    self.events = events
    self.plugins = plugins
    self.ports = ports
    self.isStrict = isStrict
    self.now = now
  }

  /// Brings the network of the pod of that name to what it should be.
  public func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    guard let pod = cluster.pod(key) else {
      ports.forget(key, at: now())
      failures.forget(key)
      return .done
    }
    // Before the first list of Services every port would look free, and every Service missing.
    guard cluster.hasSynced(.services) else { return .retry("Services are not known yet") }
    guard let type = pod.metadata.annotations[GameAnnotations.networkType],
      let plugin = plugins.plugin(named: type) ?? formerPlugin(type, pod)
    else { return .done }
    // A network that is ready must not look as if it were not because the cloud's objects are not seen yet.
    guard pod.metadata.isBeingDeleted || plugin.cloudResources.allSatisfy(cluster.hasSynced) else {
      return waiting(pod, plugin)
    }
    do throws(PluginError) {
      let plan = try plan(pod, plugin)
      for warning in plan.warnings { record(.warning, "NetworkWarning", warning, on: pod) }
      return await carryOut(plan, pod)
    } catch {
      return await failed(error, pod, plugin)
    }
  }

  /// The network of a pod that a plugin is for.
  private func network(of pod: Pod, _ plugin: any NetworkPlugin) throws(PluginError) -> PodNetwork {
    do throws(PluginError) {
      let network = try PodNetwork.read(pod) ?? PodNetwork(type: plugin.name, parameters: [])
      return isStrict ? network : network.salvaged(by: plugin)
    } catch {
      // A pod on its way out is never held up by what stands in its annotations.
      guard pod.metadata.isBeingDeleted else { throw error }
      return PodNetwork(type: plugin.name, parameters: [])
    }
  }

  /// The plugin of a pod on its way out whose provider was switched off since: what it holds the pod back with has to go all the same.
  private func formerPlugin(_ type: String, _ pod: Pod) -> (any NetworkPlugin)? {
    pod.metadata.isBeingDeleted ? PluginRegistry.all.first { $0.name == type } : nil
  }

  private func plan(_ pod: Pod, _ plugin: any NetworkPlugin) throws(PluginError) -> NetworkPlan {
    let network = try network(of: pod, plugin)
    var context = NetworkContext(pod: pod, network: network, now: now(), cluster: cluster)
    guard !pod.metadata.isBeingDeleted else { return plugin.planEnd(context) }
    // A pod that ended gets no network any more; what it has goes with it.
    guard !pod.isTerminal else { return NetworkPlan() }
    if isStrict, let problem = plugin.problems(in: network.parameters).first(where: { !$0.isWarning }) {
      throw PluginError(problem)
    }
    if let demand = try plugin.demand(context) {
      let grant = try ports.allocate(demand, for: context.holder, at: context.now)
      context = context.with(grant.holding)
      warn(grant, demand, pod)
    }
    return try plugin.plan(context)
  }

  private func carryOut(_ plan: NetworkPlan, _ pod: Pod) async -> ReconcileOutcome {
    do throws(KubernetesError) {
      try await NetworkWrites(writer: writer).perform(plan, on: pod)
    } catch {
      if isWorthTelling(error, pod) {
        record(.warning, PluginError.Code.apiCall.rawValue, text(error.description, pod), on: pod)
      }
      // Refusals of other people's webhooks and missing types pass without any change of ours, so all are tried again.
      return .retry(error.description)
    }
    failures.forget(pod.key)
    return plan.lookAgain.map { .after($0) } ?? .done
  }

  /// Refusals at once; what may pass, such as a server's fault or a type that is about to be installed, once it has lasted.
  private func isWorthTelling(_ error: KubernetesError, _ pod: Pod) -> Bool {
    guard error.code != .conflict else { return false }
    let lasts = failures.lasts(pod.key, at: now())
    return lasts || !error.isTransient && error.code != .notFound
  }

  /// Waits for the lists of a cloud's objects; a cluster without their types never has them, which the user hears after a while.
  private func waiting(_ pod: Pod, _ plugin: any NetworkPlugin) -> ReconcileOutcome {
    guard failures.lasts(pod.key, at: now()) else { return .after(.seconds(5)) }
    record(.warning, "NetworkTypesMissing", plugin.waitsForTypes(in: cluster), on: pod)
    return .after(.seconds(60))
  }

  /// Tells the user, and does what must not wait; a parameter waits for somebody to change it, anything else is tried again.
  private func failed(_ error: PluginError, _ pod: Pod, _ plugin: any NetworkPlugin) async -> ReconcileOutcome {
    record(.warning, error.code.rawValue, text(error.message, pod), on: pod)
    let outcome = await carryOut(plugin.planMeanwhile(meanwhile(pod, plugin)), pod)
    if case .retry = outcome { return outcome }
    let isParameter = error.code == .parameter && error.parameter != nil
    return isParameter ? .terminal(error.message) : .retry(error.message)
  }

  /// What there is to go by for a pod whose parameters may be unreadable: those of its set are the next best.
  private func meanwhile(_ pod: Pod, _ plugin: any NetworkPlugin) -> NetworkContext {
    let label = pod.metadata.labels[GameLabels.networkDisabled]
    let set = pod.ownerSet.flatMap { cluster.gameServerSet(NamespacedName(pod.namespace, $0)) }
    let network =
      (try? PodNetwork.read(pod))
      ?? PodNetwork(
        type: plugin.name, parameters: set?.network?.parameters ?? [],
        isDisabled: label.flatMap(Boolean.parse) ?? false)
    return NetworkContext(pod: pod, network: network, now: now(), cluster: cluster)
  }

  private func warn(_ grant: PortGrant, _ demand: PortDemand, _ pod: Pod) {
    if !grant.moved.isEmpty {
      let ports = grant.moved.map(String.init).joined(separator: ", ")
      record(.warning, "LoadBalancerPortMoved", "gives up port \(ports), which another Service has too", on: pod)
    }
    if !grant.avoided.isEmpty {
      let ids = grant.avoided.joined(separator: ", ")
      record(.warning, "LoadBalancerAvoided", "stays off \(ids), where its ports are held by others", on: pod)
    }
    guard let scarcity = grant.scarcity else { return }
    let ids = demand.candidates.flatMap(\.self).joined(separator: ", ")
    record(
      .warning, "LoadBalancerPortsScarce",
      "\(scarcity.held) of \(scarcity.usable) ports of \(ids) are held; add a load balancer before they run out",
      on: pod)
  }

  private func text(_ message: String, _ pod: Pod) -> String { "Failed to set up network of \(pod.key): \(message)" }

  private func record(_ kind: ClusterEvent.Kind, _ reason: String, _ message: String, on pod: Pod) {
    events.record(ClusterEvent(kind, reason, message), on: ObjectReference(.pods, pod))
  }
}
