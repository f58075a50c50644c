import JSON
import Kubernetes

/// What a pass changes in a game server besides its status: what actions set, the template's labels and annotations, the node.
enum ServerMetadataSync {
  /// The merge patch; nil where there is nothing to change.
  static func patch(_ context: ServerContext, _ qualities: ServiceQualities) -> JSONValue? {
    let server = context.server
    var labels = JSONObject()
    var annotations = JSONObject()
    let hash = TemplateMetadata.hash(context.set)
    if !server.metadata.annotations.has(GameAnnotations.templateMetadataHash, hash) {
      for (key, value) in context.set.templateMetadata.labels { labels[key] = .string(value) }
      for (key, value) in context.set.templateMetadata.annotations { annotations[key] = .string(value) }
      annotations[GameAnnotations.templateMetadataHash] = .string(hash)
    }
    for member in qualities.labels.members { labels[member.name] = member.value }
    for member in qualities.annotations.members { annotations[member.name] = member.value }
    if !context.pod.nodeName.isEmpty { labels[GameLabels.nodeName] = .string(context.pod.nodeName) }
    var metadata = JSONObject()
    metadata["labels"] = changed(labels, server.metadata.labels)
    metadata["annotations"] = changed(annotations, server.metadata.annotations)
    var patch = JSONObject()
    if !metadata.isEmpty { patch["metadata"] = .object(metadata) }
    let spec = qualities.spec.members.filter { server.spec?[$0.name].map(JSONValue.init) != $0.value }
    if !spec.isEmpty { patch["spec"] = .object(JSONObject(spec)) }
    return patch.isEmpty ? nil : .object(patch)
  }

  private static func changed(_ wanted: JSONObject, _ live: StringMap) -> JSONValue? {
    let members = wanted.members.filter { live[$0.name].map(JSONValue.string) != $0.value }
    return members.isEmpty ? nil : .object(JSONObject(members))
  }
}
