import JSON
import Kubernetes

/// The GameServer of a pod that has none yet.
enum NewGameServer {
  static func object(for pod: Pod, of set: GameServerSet) -> JSONValue {
    var labels = JSONObject(set.templateMetadata.labels.map { JSONObject.Member($0.key, .string($0.value)) })
    labels[GameLabels.ownerSet] = .string(set.name)
    if !pod.nodeName.isEmpty { labels[GameLabels.nodeName] = .string(pod.nodeName) }
    var annotations = JSONObject(set.templateMetadata.annotations.map { JSONObject.Member($0.key, .string($0.value)) })
    annotations[GameAnnotations.templateMetadataHash] = .string(TemplateMetadata.hash(set))
    let owner =
      switch set.reclaimPolicy {
      case .cascade: OwnerReference(.pods, pod)
      case .delete: OwnerReference(.gameServerSets, set)
      }
    return [
      "apiVersion": .string(Resource.gameServers.apiVersion), "kind": .string(Resource.gameServers.kind),
      "metadata": [
        "name": .string(pod.name), "namespace": .string(set.namespace), "labels": .object(labels),
        "annotations": .object(annotations), "ownerReferences": [owner.value],
      ],
      "spec": ["networkDisabled": false, "opsState": "None", "updatePriority": 0, "deletionPriority": 0],
    ]
  }
}

/// The labels and annotations of a set's template, which every game server of the set has too.
enum TemplateMetadata {
  /// A text that changes when they do.
  static func hash(_ set: GameServerSet) -> String {
    let metadata = set.templateMetadata
    return ProjectionHash.text([
      "labels": JSONValue(metadata.labels.dictionary), "annotations": JSONValue(metadata.annotations.dictionary),
    ])
  }
}
