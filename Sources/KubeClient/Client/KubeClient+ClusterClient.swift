public import JSON
public import Kubernetes

extension KubeClient: ClusterClient {
  /// The object as the API server holds it now.
  public func get(_ resource: Resource, _ key: NamespacedName) async throws(KubernetesError) -> KubernetesObject {
    try await get(resource, key, subresource: nil)
  }

  /// The object of a subresource such as `scale`, as the API server holds it now.
  public func get(
    _ resource: Resource, _ key: NamespacedName, subresource: String?
  ) async throws(KubernetesError) -> KubernetesObject {
    let request = APIRequest(
      .get, resource, namespace: key.namespace, name: key.name, subresource: subresource)
    return try Self.object(try await send(request))
  }

  /// Creates an object; `namespace` is empty for a cluster-scoped resource.
  @discardableResult
  public func create(
    _ resource: Resource, namespace: String, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    var request = APIRequest(.create, resource, namespace: namespace)
    request.set(isDryRun: isDryRun)
    request.body = object.bytes
    return try Self.object(try await send(request))
  }

  /// Replaces an object, or a subresource of it; a `resourceVersion` in the object makes the call conditional.
  @discardableResult
  public func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    var request = APIRequest(
      .update, resource, namespace: key.namespace, name: key.name, subresource: subresource)
    request.set(isDryRun: isDryRun)
    request.body = object.bytes
    return try Self.object(try await send(request))
  }

  /// Changes an object, or a subresource of it.
  @discardableResult
  public func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ patch: ObjectPatch, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    var request = APIRequest(
      .patch, resource, namespace: key.namespace, name: key.name, subresource: subresource)
    request.set(isDryRun: isDryRun)
    request.set(patch)
    return try Self.object(try await send(request))
  }

  /// Deletes an object; its finalizers and its grace period may keep it for a while.
  public func delete(
    _ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions
  ) async throws(KubernetesError) {
    var request = APIRequest(.delete, resource, namespace: key.namespace, name: key.name)
    request.body = options.value.bytes
    _ = try await send(request)
  }

  /// Deletes all objects of a resource in a namespace that match the selectors.
  public func deleteAll(
    _ resource: Resource, namespace: String, labelSelector: String = "", fieldSelector: String = "",
    _ options: DeleteOptions = DeleteOptions()
  ) async throws(KubernetesError) {
    var request = APIRequest(.deleteCollection, resource, namespace: namespace)
    request.query.set(labelSelector: labelSelector, fieldSelector: fieldSelector)
    request.body = options.value.bytes
    _ = try await send(request)
  }

  /// Creates the object of a subresource, such as `eviction` or `binding`.
  public func create(
    _ resource: Resource, _ key: NamespacedName, subresource: String, _ object: JSONValue
  ) async throws(KubernetesError) {
    var request = APIRequest(
      .create, resource, namespace: key.namespace, name: key.name, subresource: subresource)
    request.body = object.bytes
    _ = try await send(request)
  }

  private static func object(_ body: [UInt8]) throws(KubernetesError) -> KubernetesObject {
    do {
      return KubernetesObject(try JSONDocument(body).root)
    } catch {
      throw KubernetesError(.malformedAnswer, message: "the answer is not JSON: \(error)")
    }
  }
}

extension APIRequest {
  fileprivate mutating func set(isDryRun: Bool) {
    if isDryRun { query.set("dryRun", "All") }
  }

  fileprivate mutating func set(_ patch: ObjectPatch) {
    switch patch {
    case .json(let patch):
      contentType = .jsonPatch
      var writer = JSONWriter()
      writer.patch(patch)
      body = writer.finish()
    case .merge(let value):
      contentType = .mergePatch
      body = value.bytes
    case .strategicMerge(let value):
      contentType = .strategicMergePatch
      body = value.bytes
    case .apply(let value, let fieldManager, let force):
      contentType = .applyPatch
      body = value.bytes
      query.set("fieldManager", fieldManager)
      if force { query.set("force", "true") }
    }
  }
}

extension DeleteOptions {
  /// The options as `meta/v1` `DeleteOptions`.
  var value: JSONValue {
    var value: JSONValue = ["apiVersion": "v1", "kind": "DeleteOptions"]
    value["gracePeriodSeconds"] = gracePeriodSeconds.map { .int($0) }
    value["propagationPolicy"] = propagation.map { .string($0.rawValue) }
    var preconditions = JSONObject()
    preconditions["uid"] = uid.map { .string($0) }
    preconditions["resourceVersion"] = resourceVersion.map { .string($0) }
    if !preconditions.isEmpty { value["preconditions"] = .object(preconditions) }
    return value
  }
}

extension URLQuery {
  /// Adds the selectors that are not empty.
  mutating func set(labelSelector: String, fieldSelector: String) {
    if !labelSelector.isEmpty { set("labelSelector", labelSelector) }
    if !fieldSelector.isEmpty { set("fieldSelector", fieldSelector) }
  }
}
