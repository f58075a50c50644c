public import JSON
public import Kubernetes

/// A client of the simulated API server that calls it directly: no socket, no bytes, the same answers.
public struct InProcessClient: ClusterClient {
  private let server: SimulatedAPIServer
  private let fieldManager: String
  private let user: String

  /// A client that writes under a manager's name.
  public init(_ server: SimulatedAPIServer, fieldManager: String = "simulation", user: String = "system:admin") {
    self.server = server
    self.fieldManager = fieldManager
    self.user = user
  }

  private func options(_ isDryRun: Bool = false) -> WriteOptions {
    WriteOptions(fieldManager: fieldManager, isDryRun: isDryRun, user: user)
  }

  /// The object as the server holds it now.
  public func get(_ resource: Resource, _ key: NamespacedName) async throws(KubernetesError) -> KubernetesObject {
    try server.get(resource, key)
  }

  /// All objects that match the selectors.
  public func list(
    _ resource: Resource, namespace: String?, labelSelector: String, fieldSelector: String
  ) async throws(KubernetesError) -> [KubernetesObject] {
    let selection = try ObjectSelection(
      namespace: namespace, labelSelector: labelSelector, fieldSelector: fieldSelector)
    return try server.list(resource, selection).objects
  }

  /// Creates an object.
  @discardableResult
  public func create(
    _ resource: Resource, namespace: String, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try await server.create(resource, namespace: namespace, object, options(isDryRun))
  }

  /// Replaces an object, or a subresource of it.
  @discardableResult
  public func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try await write(resource, key, subresource, .replace(object), isDryRun)
  }

  /// Changes an object, or a subresource of it.
  @discardableResult
  public func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ patch: ObjectPatch, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try await write(resource, key, subresource, .patch(patch), isDryRun)
  }

  /// Deletes an object.
  public func delete(
    _ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions
  ) async throws(KubernetesError) {
    try await server.delete(resource, key, options, self.options())
  }

  /// Creates the object of a subresource: `eviction` or `binding`.
  public func create(
    _ resource: Resource, _ key: NamespacedName, subresource: String, _ object: JSONValue
  ) async throws(KubernetesError) {
    switch subresource {
    case "eviction": try await server.evict(key, object, options())
    case "binding": try await server.bind(key, object, options())
    default: throw APIFailure.notFound(resource, "\(key.name)/\(subresource)")
    }
  }

  private func write(
    _ resource: Resource, _ key: NamespacedName, _ subresource: String?, _ change: WriteChange, _ isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    guard subresource == "scale" else {
      return try await server.write(resource, key, subresource: subresource, change, options(isDryRun))
    }
    return KubernetesObject(try await server.setScale(resource, key, change, options(isDryRun)))
  }
}
