import JSON
import Kubernetes

extension GameServerSetReconciler {
  /// Takes the servers with operational state `Kill` out of the wanted number; the scale that follows picks them first.
  ///
  /// Only in a settled set: while a scale is under way the same server would be counted twice.
  func killServers(
    _ set: GameServerSet, _ workload: AdvancedStatefulSet, _ pods: [Pod]
  ) async throws(KubernetesError) -> Bool {
    guard set.replicas == workload.replicas, set.replicas == pods.count,
      !pods.contains(where: \.metadata.isBeingDeleted)
    else { return false }
    let killed = pods.count { $0.metadata.labels.has(GameLabels.opsState, OpsState.kill.rawValue) }
    guard killed > 0 else { return false }
    // The resource version makes the patch fail where somebody else scaled the set meanwhile.
    let patch: JSONValue = [
      "metadata": ["resourceVersion": .string(set.metadata.resourceVersion)],
      "spec": ["replicas": .int(set.replicas - killed)],
    ]
    try await writer.patch(.gameServerSets, set.key, .merge(patch))
    return true
  }

  /// The plan of a scale, where one is needed.
  func scalePlan(_ set: GameServerSet, _ workload: AdvancedStatefulSet, _ pods: [Pod]) -> ScalePlan? {
    let explicit = explicitIDs(set)
    let previous = ReserveIDs.parse(annotation: set.metadata.annotations[GameAnnotations.reserveIDs] ?? "")
    let reserved = workloadIDs(workload)
    // With ReserveIds every reserved ordinal belongs into the set; one that is missing was lost between two writes.
    let isBackfillDue = reservesScaledIn(set) && reserved != explicit
    guard set.replicas != workload.replicas || previous != explicit || isBackfillDue else { return nil }
    return ScalePlan(
      ScalePlan.Situation(
        servers: pods.map(ServerFacts.init), explicit: explicit, previousExplicit: previous,
        workloadReserved: reserved, replicas: set.replicas))
  }

  /// Writes a plan: marks the game servers, then the workload, then what the set has to remember.
  func scale(
    _ set: GameServerSet, _ workload: AdvancedStatefulSet, _ pods: [Pod], _ plan: ScalePlan
  ) async throws(KubernetesError) -> ReconcileOutcome {
    if set.reclaimPolicy == .delete { try await markServers(set, plan) }
    let ordinals = features.ordinals(plan.reserved)
    if set.replicas != workload.replicas || workloadIDs(workload) != plan.reserved {
      var spec = JSONObject()
      spec["replicas"] = .int(set.replicas)
      spec["reserveOrdinals"] = ordinals.isEmpty ? .null : .array(ordinals)
      spec["scaleStrategy"] = WorkloadProjection.spec(of: set, live: workload.spec)["scaleStrategy"]
      let patch: JSONValue = [
        "metadata": ["resourceVersion": .string(workload.metadata.resourceVersion)], "spec": .object(spec),
      ]
      try await writer.patch(.advancedStatefulSets, set.key, .merge(patch))
      // Also where only other ordinals are reserved: servers go and come then, too.
      record(.normal, "Scale", "scale from \(workload.replicas) to \(set.replicas)", on: set)
    }
    try await remember(set, plan)
    return .done
  }

  /// Writes the reserve ids that were processed, and with `ReserveIds` the list itself.
  private func remember(_ set: GameServerSet, _ plan: ScalePlan) async throws(KubernetesError) {
    let explicit = explicitIDs(set)
    let keeps = reservesScaledIn(set)
    let text = ReserveIDs.annotation(keeps ? plan.reserved : explicit)
    var patch: JSONValue = .null
    // An absent annotation says what an empty one says: no id is reserved.
    if (set.metadata.annotations[GameAnnotations.reserveIDs] ?? "") != text {
      patch["metadata"] = ["annotations": [GameAnnotations.reserveIDs: .string(text)]]
    }
    if keeps, plan.reserved != explicit {
      patch["spec"] = ["reserveGameServerIds": .array(ReserveIDs.list(plan.reserved).map(\.value))]
    }
    guard patch != .null else { return }
    // Only the list needs the lock: without it a user's edit of the same moment would be lost.
    if patch["spec"] != nil {
      var metadata = patch["metadata"] ?? .null
      metadata["resourceVersion"] = .string(set.metadata.resourceVersion)
      patch["metadata"] = metadata
    }
    try await writer.patch(.gameServerSets, set.key, .merge(patch))
  }

  /// Marks the GameServers whose ordinals leave the set, and takes the mark from those that return.
  ///
  /// Looks at the GameServers themselves and not at pods, so that one whose pod is absent just now is not forgotten.
  private func markServers(_ set: GameServerSet, _ plan: ScalePlan) async throws(KubernetesError) {
    let servers = cluster.objects(
      .gameServers, .label(GameLabels.ownerSet, set.name, namespace: set.namespace))
    for server in servers {
      let leaves = !plan.manages(Ordinal.of(server.name))
      let isMarked = server.metadata.labels.has(GameLabels.deleting, "true")
      guard leaves != isMarked else { continue }
      let patch: JSONValue = ["metadata": ["labels": [GameLabels.deleting: .string(leaves ? "true" : "false")]]]
      do throws(KubernetesError) {
        try await writer.patch(.gameServers, server.key, .merge(patch))
      } catch  where error.code == .notFound {
        continue
      }
    }
  }

  /// The ids that the user reserves.
  func explicitIDs(_ set: GameServerSet) -> Set<Int> { ReserveIDs.stored(set.reserveGameServerIDs) }

  private func workloadIDs(_ workload: AdvancedStatefulSet) -> Set<Int> { ReserveIDs.stored(workload.reserveOrdinals) }

  private func reservesScaledIn(_ set: GameServerSet) -> Bool {
    set.spec?["scaleStrategy"]?["scaleDownStrategyType"]?.isString("ReserveIds") ?? false
  }
}

extension WorkloadFeatures {
  /// The ids in the notation that the workload's schema takes.
  func ordinals(_ ids: Set<Int>) -> [JSONValue] {
    acceptsOrdinalRanges ? ReserveIDs.list(ids).map(\.value) : ids.sorted().map(JSONValue.int)
  }
}
