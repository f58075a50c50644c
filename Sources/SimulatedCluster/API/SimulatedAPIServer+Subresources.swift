import JSON
import Kubernetes

extension SimulatedAPIServer {
  /// Binds a pod to a node, as a scheduler does.
  func bind(_ key: NamespacedName, to node: String) async throws(KubernetesError) {
    let pod = try get(.pods, key).as(Pod.self)
    guard pod.nodeName.isEmpty else {
      throw APIFailure.conflict(
        .pods, "\(key.name)", "pod \(key.name) is already assigned to node \"\(pod.nodeName)\"")
    }
    let condition: JSONValue = [
      "type": "PodScheduled", "status": "True", "lastTransitionTime": .string(clock.now().description),
    ]
    try commit { state throws(KubernetesError) in
      guard let current = state.storage.object(.pods, key) else { throw APIFailure.notFound(.pods, key.name) }
      var value = JSONValue(current.json)
      value["spec"]?["nodeName"] = .string(node)
      var status = value["status"] ?? .null
      let others = (status["conditions"]?.array ?? []).filter { $0["type"]?.string != "PodScheduled" }
      status["conditions"] = .array(others + [condition])
      value["status"] = status
      _ = state.storage.put(.pods, value)
    }
  }

  /// Deletes a pod by eviction; disruption budgets are not simulated.
  func evict(_ key: NamespacedName, _ eviction: JSONValue, _ write: WriteOptions) async throws(KubernetesError) {
    let (_, _, chain) = try lookUp(.pods, key)
    _ = try get(.pods, key)
    try await chain?.validate(
      AdmissionAttempt(
        operation: "CREATE", resource: .pods, subresource: "eviction", key: key, object: eviction, old: nil,
        isDryRun: write.isDryRun, user: write.user))
    let options = eviction["deleteOptions"]
    try await delete(
      .pods, key,
      DeleteOptions(
        uid: options?["preconditions"]?["uid"]?.string, gracePeriodSeconds: options?["gracePeriodSeconds"]?.int), write)
  }

  /// The `Scale` of an object.
  func scale(_ resource: Resource, _ key: NamespacedName) throws(KubernetesError) -> JSONValue {
    let (definition, found, _) = try lookUp(resource, key)
    guard let found, let paths = definition.scale else { throw APIFailure.notFound(resource, key.name) }
    let metadata = found.metadata
    var status: JSONValue = ["replicas": .int(Self.value(found.json, paths.statusReplicas)?.int ?? 0)]
    if let path = paths.labelSelector, let selector = Self.value(found.json, path)?.string {
      status["selector"] = .string(selector)
    }
    return [
      "kind": "Scale", "apiVersion": "autoscaling/v1",
      "metadata": [
        "name": .string(key.name), "namespace": .string(key.namespace), "uid": .string(metadata.uid),
        "resourceVersion": .string(metadata.resourceVersion), "creationTimestamp": .string(metadata.creationTimestamp),
      ],
      "spec": ["replicas": .int(Self.value(found.json, paths.specReplicas)?.int ?? 0)], "status": status,
    ]
  }

  /// Sets the wanted number of an object through its `Scale`.
  func setScale(
    _ resource: Resource, _ key: NamespacedName, _ change: WriteChange, _ options: WriteOptions
  ) async throws(KubernetesError) -> JSONValue {
    let definition = try lookUp(resource, key).0
    guard let paths = definition.scale else { throw APIFailure.notFound(resource, key.name) }
    let current = try scale(resource, key)
    let wanted: JSONValue
    switch change {
    case .replace(let value): wanted = value
    case .patch(let patch): wanted = try PatchApplication.apply(patch, to: current, definition)
    }
    guard let replicas = wanted["spec"]?["replicas"]?.int, replicas >= 0 else {
      throw APIFailure.invalid(
        resource, key.name,
        [.invalid("spec.replicas", wanted["spec"]?["replicas"]?.text ?? "null", "must be greater than or equal to 0")])
    }
    var patch: JSONValue = .int(replicas)
    for step in paths.specReplicas.reversed() { patch = .object(JSONObject([JSONObject.Member(step, patch)])) }
    let version = wanted["metadata"]?["resourceVersion"]?.string ?? ""
    if !version.isEmpty { patch["metadata"] = ["resourceVersion": .string(version)] }
    _ = try await write(resource, key, subresource: nil, .patch(.merge(patch)), options)
    return try scale(resource, key)
  }

  private static func value(_ view: JSONView, _ path: [String]) -> JSONView? {
    var view: JSONView? = view
    for step in path { view = view?[step] }
    return view
  }
}
