import JSON
import Kubernetes

/// Pods as a store holds them.
enum TestPods {
  /// A pod of a set that holds host ports.
  static func holding(
    _ ports: [Int], name: String, namespace: String = "ns", set: String = "game", uid: String = "u", node: String = "",
    phase: String = "", isBeingDeleted: Bool = false
  ) -> KubernetesObject {
    var metadata: JSONObject = [
      "namespace": .string(namespace), "name": .string(name), "uid": .string(uid),
      "labels": .object([GameLabels.ownerSet: .string(set)]),
    ]
    if isBeingDeleted { metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z" }
    let list = ports.map { port -> JSONValue in ["containerPort": 80, "hostPort": .int(port)] }
    return KubernetesObject([
      "metadata": .object(metadata),
      "spec": ["nodeName": .string(node), "containers": [["name": "game", "ports": .array(list)]]],
      "status": ["phase": .string(phase)],
    ])
  }
}
