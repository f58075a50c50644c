public import JSON

/// A change of an object, in one of the formats of the API server.
public enum ObjectPatch: Sendable {
  /// RFC 6902.
  case json(JSONPatch)
  /// RFC 7386.
  case merge(JSONValue)
  /// Kubernetes' own, that merges lists of built-in kinds by key.
  case strategicMerge(JSONValue)
  /// Server-side apply: the fields that the manager wants; `force` takes them from other managers.
  case apply(JSONValue, fieldManager: String, force: Bool)
}

/// How an object and what it owns are deleted.
public struct DeleteOptions: Sendable {
  /// What becomes of the objects that it owns.
  public enum Propagation: String, Sendable {
    case background = "Background"
    case foreground = "Foreground"
    case orphan = "Orphan"
  }

  /// Refuses with a conflict where the object is another one of the same name.
  public var uid: String?
  /// Refuses with a conflict where the object has changed.
  public var resourceVersion: String?
  /// Seconds of grace; nil is the kind's default, 0 deletes at once.
  public var gracePeriodSeconds: Int?
  /// What becomes of the objects that it owns; nil is the kind's default.
  public var propagation: Propagation?

  /// Options for a deletion.
  public init(
    uid: String? = nil, resourceVersion: String? = nil, gracePeriodSeconds: Int? = nil, propagation: Propagation? = nil
  ) {
    self.uid = uid
    self.resourceVersion = resourceVersion
    self.gracePeriodSeconds = gracePeriodSeconds
    self.propagation = propagation
  }
}

/// The calls that change the cluster.
///
/// Each answers the object as it is after the call. All throw ``KubernetesError``; the common cases are `.conflict`, `.notFound` and
/// `.alreadyExists`. `isDryRun` asks the API server to check and answer without storing.
public protocol ClusterWriter: Sendable {
  /// Creates an object; `namespace` is empty for a cluster-scoped resource.
  @discardableResult
  func create(
    _ resource: Resource, namespace: String, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject

  /// Replaces an object, or a subresource of it; a `resourceVersion` in the object makes the call conditional.
  @discardableResult
  func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject

  /// Changes an object, or a subresource of it.
  @discardableResult
  func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ patch: ObjectPatch, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject

  /// Deletes an object; its finalizers and its grace period may keep it for a while.
  func delete(_ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions) async throws(KubernetesError)

  /// Creates the object of a subresource, such as `eviction` or `binding`.
  func create(
    _ resource: Resource, _ key: NamespacedName, subresource: String, _ object: JSONValue
  ) async throws(KubernetesError)
}

/// Reads that go to the API server itself, for what no store keeps or must not be stale.
public protocol ClusterClient: ClusterWriter {
  /// The object as the API server holds it now.
  func get(_ resource: Resource, _ key: NamespacedName) async throws(KubernetesError) -> KubernetesObject

  /// All objects of a resource, or those of a namespace, that match the selectors (in the text form of the API; empty: all).
  func list(
    _ resource: Resource, namespace: String?, labelSelector: String, fieldSelector: String
  ) async throws(KubernetesError) -> [KubernetesObject]
}

extension ClusterWriter {
  /// Creates an object.
  @discardableResult
  public func create(
    _ resource: Resource, namespace: String, _ object: JSONValue
  ) async throws(KubernetesError) -> KubernetesObject {
    try await create(resource, namespace: namespace, object, isDryRun: false)
  }

  /// Replaces an object, or a subresource of it.
  @discardableResult
  public func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String? = nil, _ object: JSONValue
  ) async throws(KubernetesError) -> KubernetesObject {
    try await update(resource, key, subresource: subresource, object, isDryRun: false)
  }

  /// Changes an object, or a subresource of it.
  @discardableResult
  public func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String? = nil, _ patch: ObjectPatch
  ) async throws(KubernetesError) -> KubernetesObject {
    try await self.patch(resource, key, subresource: subresource, patch, isDryRun: false)
  }

  /// Deletes an object in the kind's default way.
  public func delete(_ resource: Resource, _ key: NamespacedName) async throws(KubernetesError) {
    try await delete(resource, key, DeleteOptions())
  }
}
