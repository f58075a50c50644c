import HotReload
public import Kubernetes

/// Lets the sidecar of a running pod follow the pod's own annotations, and shows on the game server what the game sees.
///
/// The roll-out itself is the workload's: it changes the annotations of one pod after the other, by partition and priority. Each pass changes at most the
/// image of that one container, never while the pod's gate is closed. Keys are those of game servers and their pods
/// (``KeyMapping/hotReloads(_:old:new:)``).
public struct HotReloadReconciler: Reconciler {
  /// The name in logs, metrics and events.
  public let name = "hot-reload-controller"
  private let cluster: any ClusterReader
  private let writer: any ClusterWriter
  private let events: any EventRecorder

  /// A reconciler that reads game servers, their sets and pods from a store and writes to a cluster.
  public init(cluster: any ClusterReader, writer: any ClusterWriter, events: any EventRecorder) {
    self.cluster = cluster
    self.writer = writer
    self.events = events
  }

  /// Looks at the pod and the game server of that name.
  public func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    guard let pod = cluster.pod(key), let server = cluster.gameServer(key), pod.ownerSet != nil,
      !pod.metadata.isBeingDeleted, !pod.isTerminal, !server.metadata.isBeingDeleted
    else { return .done }
    let plan = HotReloadPlan(pod, server)
    do throws(KubernetesError) {
      if let patch = plan.podPatch { try await writer.patch(.pods, key, .strategicMerge(patch)) }
      if let patch = plan.serverPatch { try await writer.patch(.gameServers, key, .merge(patch)) }
    } catch {
      return ReconcileOutcome(error)
    }
    for event in plan.events { events.record(event, on: ObjectReference(.gameServers, server)) }
    if let revision = plan.reached { tellSet(of: pod, revision) }
    return .done
  }

  /// Tells the set of the first server and of the last one, so that a roll-out of thousands is two events.
  private func tellSet(of pod: Pod, _ revision: String) {
    guard let owner = pod.ownerSet, let set = cluster.gameServerSet(NamespacedName(pod.namespace, owner)) else {
      return
    }
    var (count, total) = (1, 1)
    cluster.forEach(.gameServers, .label(GameLabels.ownerSet, owner, namespace: pod.namespace)) { server in
      guard server.name != pod.name else { return }
      total += 1
      if server.metadata.annotations.has(HotReloadAnnotation.revision.key, revision) { count += 1 }
    }
    guard count == 1 || count == total else { return }
    events.record(
      ClusterEvent(.normal, "HotReload", "\(count) of \(total) servers show \(revision)"),
      on: ObjectReference(.gameServerSets, set))
  }
}
