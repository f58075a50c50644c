import JSON
import Kubernetes

extension SimulatedAPIServer {
  /// Binds a pod to a node, as a scheduler does.
  func bind(_ key: NamespacedName, _ binding: JSONValue, _ options: WriteOptions) async throws(KubernetesError) {
    let pod = try get(.pods, key).as(Pod.self)
    let node = binding["target"]?["name"]?.string ?? ""
    guard !node.isEmpty else {
      throw APIFailure.invalid(.pods, key.name, [.required("target.name")])
    }
    try await admit("CREATE", .pods, key, "binding", binding, nil, options)
    guard pod.nodeName.isEmpty else {
      throw APIFailure.conflict(
        Resource(group: "", version: "v1", plural: "pods/binding", kind: "Pod"), key.name,
        "pod \(key.name) is already assigned to node \"\(pod.nodeName)\"")
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
    _ = try get(.pods, key)
    try await admit("CREATE", .pods, key, "eviction", eviction, nil, write)
    // The real server asks admission about the eviction and not about the deletion behind it.
    var write = write
    write.isAdmitted = true
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
    if !version.isEmpty, case .replace = change { patch["metadata"] = ["resourceVersion": .string(version)] }
    try await admit("UPDATE", resource, key, "scale", wanted, current, options)
    var options = options
    options.isAdmitted = true
    _ = try await write(resource, key, subresource: nil, .patch(.merge(patch)), options)
    return try scale(resource, key)
  }

  /// Asks admission about an object that is not stored itself.
  private func admit(
    _ operation: String, _ resource: Resource, _ key: NamespacedName, _ subresource: String, _ object: JSONValue,
    _ old: JSONValue?, _ options: WriteOptions
  ) async throws(KubernetesError) {
    guard let chain = try lookUp(resource, key).2 else { return }
    let attempt = AdmissionAttempt(
      operation: operation, resource: resource, subresource: subresource, key: key, object: object, old: old,
      isDryRun: options.isDryRun, user: options.user,
      options: options.value(operation == "CREATE" ? "CreateOptions" : "UpdateOptions"), notes: options.notes)
    _ = try await chain.mutate(attempt)
    try await chain.validate(attempt)
  }

  private static func value(_ view: JSONView, _ path: [String]) -> JSONView? {
    var view: JSONView? = view
    for step in path { view = view?[step] }
    return view
  }
}
