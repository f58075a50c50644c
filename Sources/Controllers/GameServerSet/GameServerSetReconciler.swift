import JSON
public import Kubernetes

/// Keeps the workload, the probe marker and the status of a GameServerSet as the set wants them.
///
/// Each pass does the first step that is needed and leaves the rest to the next one, which the change brings about.
public struct GameServerSetReconciler: Reconciler {
  /// The name in logs, metrics and events.
  public let name = "gameserverset-controller"
  let cluster: any ClusterReader
  let writer: any ClusterWriter
  let events: any EventRecorder
  let features: WorkloadFeatures
  let marks: WorkloadMarks
  let now: @Sendable () -> Timestamp

  /// A reconciler that reads from a store and writes to a cluster.
  ///
  /// - Parameter now: the clock, for the patience with a probe marker that nobody observes.
  public init(
    cluster: any ClusterReader, writer: any ClusterWriter, events: any EventRecorder, features: WorkloadFeatures,
    now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.cluster = cluster
    self.writer = writer
    self.events = events
    self.features = features
    self.now = now
    marks = WorkloadMarks()
  }

  /// Does the first step that the set needs.
  public func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    guard let set = cluster.gameServerSet(key) else {
      marks.forget(key)
      return .done
    }
    // Garbage collection takes the set's objects; making one anew would hold a foreground deletion back.
    guard !set.metadata.isBeingDeleted else { return .done }
    do throws(KubernetesError) {
      switch try await syncMarker(set) {
      case .waiting(let duration): return .after(duration)
      case .written: return .done
      case .settled: break
      }
      guard let workload = cluster.object(.advancedStatefulSets, key)?.as(AdvancedStatefulSet.self) else {
        return try await createWorkload(set)
      }
      guard !workload.metadata.isBeingDeleted else { return .done }
      let pods = cluster.pods(ofSet: key)
      if try await killServers(set, workload, pods) { return .done }
      if let plan = scalePlan(set, workload, pods) { return try await scale(set, workload, pods, plan) }
      if try await updateWorkload(set, workload) { return .done }
      return try await writeStatus(set, workload, pods)
    } catch {
      if error.isRefusal { record(.warning, "WriteRefused", "the API server refuses: \(error.description)", on: set) }
      return ReconcileOutcome(error)
    }
  }

  func record(_ kind: ClusterEvent.Kind, _ reason: String, _ message: String, on set: GameServerSet) {
    events.record(ClusterEvent(kind, reason, message), on: ObjectReference(.gameServerSets, set))
  }

  private func writeStatus(
    _ set: GameServerSet, _ workload: AdvancedStatefulSet, _ pods: [Pod]
  ) async throws(KubernetesError) -> ReconcileOutcome {
    let status = JSONValue.object(SetStatus.make(set, workload: workload, pods: pods))
    guard !status.isContained(in: set.status) else { return .done }
    try await writer.patch(.gameServerSets, set.key, subresource: "status", .merge(["status": status]))
    return .done
  }
}

/// What the installed workload controller understands.
public struct WorkloadFeatures: Sendable {
  /// Whether `reserveOrdinals` may hold ranges `a-b`; OpenKruise before 1.8 types its elements as integers.
  public var acceptsOrdinalRanges: Bool

  /// Describes a workload controller.
  public init(acceptsOrdinalRanges: Bool) { self.acceptsOrdinalRanges = acceptsOrdinalRanges }
}
