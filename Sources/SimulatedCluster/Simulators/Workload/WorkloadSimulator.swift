import JSON
public import Kubernetes
import Synchronization

/// Plays OpenKruise's Advanced StatefulSet controller, as far as a GameServerSet relies on it.
public final class WorkloadSimulator: SimulatedController {
  /// The name in logs.
  public let name = "advanced-statefulset"
  /// What the simulator reads: it needs pods, workloads, claims and revisions.
  public static let resources: [Resource] = [
    .advancedStatefulSets, .pods, .controllerRevisions, .persistentVolumeClaims,
  ]
  let client: any ClusterClient
  let cluster: ObjectStore
  private let keys = KeyTimers()

  /// A simulator that reads from a store and writes through a client.
  public init(client: any ClusterClient, cluster: ObjectStore) {
    self.client = client
    self.cluster = cluster
    cluster.observe(.advancedStatefulSets) { [keys] old, new in
      if let key = (new ?? old)?.key { keys.mark(key) }
    }
    cluster.observe(.pods) { [keys] old, new in
      guard let pod = new ?? old, let owner = pod.metadata.controller, owner.kind == "StatefulSet" else { return }
      keys.mark(NamespacedName(pod.namespace, owner.name))
    }
  }

  /// The next moment at which a workload needs a look.
  public var nextDue: Timestamp? { keys.next }

  /// Looks at every workload that changed.
  public func step(now: Timestamp) async -> Bool {
    var isChanged = false
    for key in keys.take(now: now) {
      do throws(KubernetesError) {
        if try await reconcile(key, now) { isChanged = true }
      } catch {
        // The failed write is planned again; a conflict means that the store is behind and will bring the key up.
        keys.mark(key, at: now + .seconds(1))
      }
    }
    return isChanged
  }

  private func reconcile(_ key: NamespacedName, _ now: Timestamp) async throws(KubernetesError) -> Bool {
    guard let workload = cluster.object(.advancedStatefulSets, key)?.as(AdvancedStatefulSet.self),
      !workload.metadata.isBeingDeleted
    else { return false }
    let spec = WorkloadSpec(workload)
    let pods = cluster.objects(.pods, .owner(uid: workload.metadata.uid)).map { $0.as(Pod.self) }
      .sorted { $0.ordinal < $1.ordinal }
    let update = WorkloadRevision(workload: key.name, template: spec.template)
    let old = try await revision(workload, update)
    let plan = WorkloadPlan(spec, pods: pods, update: update, old: old, now: now)
    if let due = plan.due { keys.mark(key, at: due) }
    let execution = WorkloadExecution(
      client: client, cluster: cluster, workload: workload, spec: spec, update: update, old: old, now: now)
    for action in plan.actions {
      do throws(KubernetesError) {
        try await execution.perform(action)
      } catch  where error.code == .notFound || error.code == .alreadyExists {
        continue
      }
    }
    let status = WorkloadStatus.make(workload, spec, pods, update: update, old: old, now: now)
    guard JSONValue(workload.json)["status"] != status else { return !plan.actions.isEmpty }
    try await client.patch(.advancedStatefulSets, key, subresource: "status", .merge(["status": status]))
    return true
  }

  /// The revision that pods had before the newest one, which is stored where it is new.
  private func revision(
    _ workload: AdvancedStatefulSet, _ update: WorkloadRevision
  ) async throws(KubernetesError) -> WorkloadRevision {
    let stored = cluster.objects(.controllerRevisions, .owner(uid: workload.metadata.uid))
      .sorted { ($0.json["revision"]?.int ?? 0) < ($1.json["revision"]?.int ?? 0) }
    if !stored.contains(where: { $0.name == update.name }) {
      let number = (stored.last?.json["revision"]?.int ?? 0) + 1
      do throws(KubernetesError) {
        try await client.create(
          .controllerRevisions, namespace: workload.namespace, update.object(owner: workload, number: number))
      } catch  where error.code == .alreadyExists {
        return update
      }
    }
    let current = workload.status?["currentRevision"]?.string ?? ""
    return stored.first { $0.name == current }.map(WorkloadRevision.init(stored:)) ?? update
  }
}

/// The status of a workload, from its pods.
enum WorkloadStatus {
  static func make(
    _ workload: AdvancedStatefulSet, _ spec: WorkloadSpec, _ pods: [Pod], update: WorkloadRevision,
    old: WorkloadRevision, now: Timestamp
  ) -> JSONValue {
    let living = pods.filter { !$0.metadata.isBeingDeleted && !$0.isTerminal }
    let updated = living.filter { $0.metadata.labels.has(GameLabels.revision, update.name) }
    let ready = living.filter(\.isReady)
    let available = ready.filter { pod in
      guard spec.minReadySeconds > 0 else { return true }
      let since = (pod.condition("Ready")?.lastTransitionTime).flatMap(Timestamp.init)
      return since.map { now >= $0 + .seconds(spec.minReadySeconds) } ?? true
    }
    let labels = workload.spec?["selector"]?["matchLabels"].map { StringMap($0).dictionary } ?? [:]
    let isComplete = updated.count == living.count && living.count == spec.replicas
    return [
      "observedGeneration": .int(workload.metadata.generation), "replicas": .int(pods.count),
      "readyReplicas": .int(ready.count), "availableReplicas": .int(available.count),
      "currentReplicas": .int(living.count - updated.count), "updatedReplicas": .int(updated.count),
      "updatedReadyReplicas": .int(updated.count(where: \.isReady)),
      "currentRevision": .string(isComplete ? update.name : old.name), "updateRevision": .string(update.name),
      "labelSelector": .string(
        labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")),
    ]
  }
}
