import JSON
public import Kubernetes

/// Keeps a GameServer and its pod in step: what the user wants of the server goes to the pod, what the pod shows comes back.
public struct GameServerReconciler: Reconciler {
  /// The name in logs, metrics and events.
  public let name = "gameserver-controller"
  let cluster: any ClusterReader
  let writer: any ClusterWriter
  let events: any EventRecorder
  let patience: NetworkPatience
  let news: StateNews
  let pacing = StatePacing()
  let now: @Sendable () -> Timestamp

  /// A reconciler that reads from a store and writes to a cluster.
  public init(
    cluster: any ClusterReader, writer: any ClusterWriter, events: any EventRecorder,
    patience: NetworkPatience = NetworkPatience(), news: StateNews = .surprises,
    now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.cluster = cluster
    self.writer = writer
    self.events = events
    self.patience = patience
    self.news = news
    self.now = now
  }

  /// Creates, deletes or syncs the game server of that name.
  public func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    let server = cluster.gameServer(key)
    guard let pod = cluster.pod(key), let owner = pod.ownerSet else {
      pacing.settle(key)
      return await withoutPod(server)
    }
    guard let set = cluster.gameServerSet(NamespacedName(key.namespace, owner)) else { return .done }
    do throws(KubernetesError) {
      guard let server else { return try await create(pod, set) }
      guard !server.metadata.isBeingDeleted else { return .done }
      return try await sync(ServerContext(set: set, server: server, pod: pod, now: now()))
    } catch {
      if let server, error.isRefusal {
        record([ClusterEvent(.warning, "WriteRefused", "the API server refuses: \(error.description)")], on: server)
      }
      return ReconcileOutcome(error)
    }
  }

  /// Deletes a game server whose ordinal has left the set, once its pod is gone; any other one waits for a new pod.
  private func withoutPod(_ server: GameServer?) async -> ReconcileOutcome {
    guard let server, server.metadata.labels.has(GameLabels.deleting, "true"), !server.metadata.isBeingDeleted else {
      return .done
    }
    do throws(KubernetesError) {
      try await writer.delete(.gameServers, server.key, DeleteOptions(uid: server.metadata.uid))
      return .done
    } catch {
      return ReconcileOutcome(error)
    }
  }

  private func create(_ pod: Pod, _ set: GameServerSet) async throws(KubernetesError) -> ReconcileOutcome {
    // A pod on its way out needs no server, and one that it owned would be collected with it.
    guard !pod.metadata.isBeingDeleted else { return .done }
    // A pod is scheduled in a moment, and the server's label then names the node from the start.
    if pod.nodeName.isEmpty, let rest = pacing.remaining(pod.key, .first, now: now()) { return .after(rest) }
    do throws(KubernetesError) {
      try await writer.create(.gameServers, namespace: set.namespace, NewGameServer.object(for: pod, of: set))
    } catch  where error.code == .alreadyExists {
      return .retry("the game server \(pod.key) exists and is not in the store yet")
    }
    return .done
  }

  private func sync(_ context: ServerContext) async throws(KubernetesError) -> ReconcileOutcome {
    let sync = PodSync(context)
    let qualities = ServiceQualities(context) { template, result in QualityTemplate.render(template, result: result) }
    let isPassing = sync.isPassing(context) && qualities.hasNoEffect
    let patience = StatePacing.Patience(context)
    if isPassing, let rest = pacing.remaining(context.pod.key, patience, now: context.now) { return .after(rest) }
    let pod = try await syncPod(context, sync)
    let synced = ServerContext(set: context.set, server: context.server, pod: pod, now: context.now)
    try await syncServer(synced, qualities)
    if !isPassing {
      // The pod's label says at once that an update has begun; the status may wait for it to end.
      if GameServerState(of: pod) != .updating {
        pacing.settle(pod.key)
      } else if let rest = pacing.remaining(pod.key, patience, now: context.now) {
        return .after(rest)
      }
    }
    let status = ServerStatus(synced, qualities: qualities, cluster: cluster)
    if let patch = status.patch(over: context.server.status, now: context.now) {
      try await writer.patch(.gameServers, context.server.key, subresource: "status", .merge(["status": patch]))
      record(status.events, on: context.server)
      if let event = StateTurn(context)?.event(news) { record([event], on: context.server) }
    }
    return waitForNetwork(status.network, context)
  }

  /// Patches the pod where it differs, and answers it as it is after the patch.
  private func syncPod(_ context: ServerContext, _ sync: PodSync) async throws(KubernetesError) -> Pod {
    guard let patch = sync.patch else {
      record(sync.events, on: context.server)
      return context.pod
    }
    let patched = try await writer.patch(.pods, context.pod.key, .strategicMerge(patch))
    record(sync.events, on: context.server)
    return patched.as(Pod.self)
  }

  /// Patches the game server's specification, labels and annotations where actions, the template or the node ask for it.
  private func syncServer(_ context: ServerContext, _ qualities: ServiceQualities) async throws(KubernetesError) {
    record(qualities.events, on: context.server)
    guard let patch = ServerMetadataSync.patch(context, qualities) else { return }
    try await writer.patch(.gameServers, context.server.key, .merge(patch))
  }

  /// Looks again after the interval while the network is on its way, and tells the user once when it took too long.
  private func waitForNetwork(_ network: NetworkProjection, _ context: ServerContext) -> ReconcileOutcome {
    guard network.isWaiting, let since = network.since else { return .done }
    let waited = context.now - since
    guard waited >= patience.total else { return .after(min(patience.interval, patience.total - waited)) }
    // The pass that crosses the limit reports; later ones are brought about by changes and find the event aggregated.
    if waited < patience.total + patience.interval {
      record(
        [
          ClusterEvent(
            .warning, "GsNetworkState",
            "Network wait timeout: waited \(waited.components.seconds)s, max \(patience.total.components.seconds)s")
        ], on: context.server)
    }
    return .done
  }

  private func record(_ list: [ClusterEvent], on server: GameServer) {
    for event in list { events.record(event, on: ObjectReference(.gameServers, server)) }
  }
}
