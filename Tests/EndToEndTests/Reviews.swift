import JSON

/// Reviews that tests send.
enum Reviews {
  /// A pod of a set, with a HostPort network where ports are named.
  static func pod(
    _ name: String, version: String = "v1", ports: String? = "game:7777/UDP", isDryRun: Bool = false,
    uid: String = "uid-1"
  ) -> String {
    var annotations: JSONValue = [:]
    if let ports {
      annotations["game.kruise.io/network-type"] = "Kubernetes-HostPort"
      annotations["game.kruise.io/network-conf"] = .string(#"[{"name":"ContainerPorts","value":"\#(ports)"}]"#)
    }
    let object: JSONValue = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": .string(name), "namespace": "games", "labels": ["game.kruise.io/owner-gss": "arena"],
        "annotations": annotations,
      ],
      "spec": ["containers": [["name": "game", "image": "arena:1"]]],
    ]
    return review(
      object, resource: ["group": "", "version": "v1", "resource": "pods"], name: name, version: version,
      isDryRun: isDryRun, uid: uid)
  }

  /// The creation of a GameServerSet with this network type.
  static func set(networkType: String) -> String {
    review(
      [
        "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet",
        "metadata": ["name": "arena", "namespace": "games"],
        "spec": [
          "replicas": 1, "network": ["networkType": .string(networkType)],
          "gameServerTemplate": ["spec": ["containers": [["name": "game", "image": "arena:1"]]]],
        ],
      ], resource: ["group": "game.kruise.io", "version": "v1alpha1", "resource": "gameserversets"], name: "arena",
      version: "v1", isDryRun: false, uid: "uid-2")
  }

  private static func review(
    _ object: JSONValue, resource: JSONValue, name: String, version: String, isDryRun: Bool, uid: String
  ) -> String {
    let review: JSONValue = [
      "kind": "AdmissionReview", "apiVersion": .string("admission.k8s.io/\(version)"),
      "request": [
        "uid": .string(uid), "resource": resource,
        "kind": ["group": resource["group"] ?? "", "version": "v1", "kind": object["kind"] ?? ""],
        "name": .string(name), "namespace": "games", "operation": "CREATE", "userInfo": ["username": "test"],
        "object": object, "oldObject": nil, "dryRun": .bool(isDryRun),
      ],
    ]
    return review.text
  }
}

/// An answer as tests look at it.
struct ReviewResponse {
  let review: JSONView

  init(_ body: String) throws { review = try JSONDocument(body).root }

  var version: String { review["apiVersion"]?.string ?? "" }
  var uid: String { review["response"]?["uid"]?.string ?? "" }
  var isAllowed: Bool { review["response"]?["allowed"]?.bool ?? false }
  var message: String { review["response"]?["status"]?["message"]?.string ?? "" }
  /// The decoded patch; empty where there is none.
  var patch: String { String(decoding: review["response"]?["patch"]?.base64 ?? [], as: UTF8.self) }
}
