import JSON
import Kubernetes

/// The status of a set, from its workload and its pods.
enum SetStatus {
  /// The complete status; every count is there, zeros included, so that a merge patch never leaves an old number behind.
  static func make(_ set: GameServerSet, workload: AdvancedStatefulSet, pods: [Pod]) -> JSONObject {
    let counts = workload.status
    func count(_ field: String) -> JSONValue { .int(counts?[field]?.int ?? 0) }
    func labelled(_ key: String, _ value: String) -> JSONValue {
      .int(pods.count { $0.metadata.labels.has(key, value) })
    }
    var status = JSONObject()
    status["observedGeneration"] = .int(set.metadata.generation)
    status["replicas"] = .int(set.replicas)
    status["readyReplicas"] = count("readyReplicas")
    status["availableReplicas"] = count("availableReplicas")
    status["currentReplicas"] = .int(pods.count)
    status["updatedReplicas"] = count("updatedReplicas")
    status["updatedReadyReplicas"] = count("updatedReadyReplicas")
    status["maintainingReplicas"] = labelled(GameLabels.opsState, OpsState.maintaining.rawValue)
    status["waitToBeDeletedReplicas"] = labelled(GameLabels.opsState, OpsState.waitToBeDeleted.rawValue)
    status["preDeleteReplicas"] = labelled(GameLabels.state, GameServerState.preDelete.rawValue)
    status["labelSelector"] = .string(counts?["labelSelector"]?.string ?? "\(GameLabels.ownerSet)=\(set.name)")
    return status
  }
}
