import JSON
import Kubernetes

extension GameServerSetReconciler {
  /// Creates the workload of a set that has none.
  func createWorkload(_ set: GameServerSet) async throws(KubernetesError) -> ReconcileOutcome {
    var spec = WorkloadProjection.spec(of: set, live: nil)
    let hash = ProjectionHash.text(.object(spec))
    spec["selector"] = ["matchLabels": [GameLabels.ownerSet: .string(set.name)]]
    spec["replicas"] = .int(set.replicas)
    let ordinals = features.ordinals(explicitIDs(set))
    if !ordinals.isEmpty { spec["reserveOrdinals"] = .array(ordinals) }
    let serviceName = set.spec?["serviceName"]?.string ?? ""
    spec["serviceName"] = .string(serviceName.isEmpty ? set.name : serviceName)
    let workload: JSONValue = [
      "apiVersion": .string(Resource.advancedStatefulSets.apiVersion),
      "kind": .string(Resource.advancedStatefulSets.kind),
      "metadata": [
        "name": .string(set.name), "namespace": .string(set.namespace),
        "annotations": [GameAnnotations.workloadHash: .string(hash)],
        "ownerReferences": [OwnerReference(.gameServerSets, set).value],
      ],
      "spec": .object(spec),
    ]
    do throws(KubernetesError) {
      let created = try await writer.create(.advancedStatefulSets, namespace: set.namespace, workload)
      marks.remember(set.key, generation: created.metadata.generation)
      record(.normal, "CreateWorkload", "created Advanced StatefulSet", on: set)
    } catch  where error.code == .alreadyExists {
      // The store has not seen it yet; its arrival brings the set back.
      return .retry("the workload of \(set.key) exists and is not in the store yet")
    }
    return .done
  }

  /// Replaces the projected fields of a workload that differ from what the set wants.
  ///
  /// The hash tells of changes of the set. A change that somebody made to the workload itself shows as a generation that was not written
  /// here: it is compared field by field once, so that a server that normalises what it stores is not written to for ever.
  func updateWorkload(
    _ set: GameServerSet, _ workload: AdvancedStatefulSet
  ) async throws(KubernetesError) -> Bool {
    let spec = WorkloadProjection.spec(of: set, live: workload.spec)
    let hash = ProjectionHash.text(.object(spec))
    let isCurrent = workload.metadata.annotations.has(GameAnnotations.workloadHash, hash)
    if isCurrent {
      let generation = workload.metadata.generation
      if marks.generation(set.key) == generation { return false }
      if JSONValue.object(spec).isContained(in: workload.spec) {
        marks.remember(set.key, generation: generation)
        return false
      }
    }
    var desired = JSONValue(workload.json)
    var fields = desired["spec"] ?? .null
    // Every projected field is set or removed, so that one that left the set leaves the workload.
    for field in WorkloadProjection.projectedFields { fields[field] = spec[field] }
    desired["spec"] = fields
    var metadata = desired["metadata"] ?? .null
    var annotations = metadata["annotations"] ?? .null
    annotations[GameAnnotations.workloadHash] = .string(hash)
    metadata["annotations"] = annotations
    desired["metadata"] = metadata
    let updated = try await writer.update(.advancedStatefulSets, set.key, desired)
    marks.remember(set.key, generation: updated.metadata.generation)
    record(.normal, "UpdateWorkload", "updated Advanced StatefulSet", on: set)
    return true
  }
}

extension WorkloadProjection {
  /// The fields of the workload's specification that ``spec(of:live:)`` decides, whether it sets them or leaves them out.
  static let projectedFields = [
    "podManagementPolicy", "template", "lifecycle", "volumeClaimTemplates", "scaleStrategy", "updateStrategy",
    "persistentVolumeClaimRetentionPolicy",
  ]
}
