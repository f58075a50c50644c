import JSON
import Kubernetes

/// What a cluster has come to, without what differs from run to run: moments, ids, versions and addresses.
enum ClusterFingerprint {
  private static let kinds: [Resource] = [
    .gameServerSets, .gameServers, .advancedStatefulSets, .podProbeMarkers, .pods, .persistentVolumeClaims,
  ]
  private static let left: Set<String> = [
    "uid", "resourceVersion", "generation", "observedGeneration", "managedFields", "nodeName", "podIP", "podIPs",
    "hostIP",
    "hostIPs", "containerID", "startedAt", "finishedAt", GameLabels.nodeName, GameAnnotations.stateChanged,
    GameAnnotations.opsStateChanged, "apps.kruise.io/inplace-update-state",
  ]

  static func take(_ store: ObjectStore) -> [String: String] {
    var result: [String: String] = [:]
    for kind in kinds {
      for object in store.objects(kind, .all(namespace: nil)) {
        result["\(kind.plural)/\(object.key)"] = text(scrub(JSONValue(object.json)).canonical)
      }
    }
    return result
  }

  private static func scrub(_ value: JSONValue) -> JSONValue {
    if let elements = value.array { return .array(elements.map(scrub)) }
    guard let object = value.object else { return value }
    let members = object.members.filter {
      !left.contains($0.name) && !$0.name.hasSuffix("Time") && !$0.name.hasSuffix("imestamp")
    }
    return .object(JSONObject(members.map { JSONObject.Member($0.name, scrub($0.value)) }))
  }

  private static func text(_ value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.value(value)
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}
