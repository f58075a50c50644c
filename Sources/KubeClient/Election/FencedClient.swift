public import JSON
public import Kubernetes

/// A client that writes only while this process leads.
///
/// A write is refused with `.notLeader` once the leader's renew deadline has passed, and broken off before its lease can be taken by
/// another. Reads go through.
public struct FencedClient: ClusterClient {
  private let client: any ClusterClient
  private let fence: LeadershipFence

  /// Puts a client behind a fence.
  public init(_ client: any ClusterClient, _ fence: LeadershipFence) {
    self.client = client
    self.fence = fence
  }

  /// The object as the API server holds it now.
  public func get(_ resource: Resource, _ key: NamespacedName) async throws(KubernetesError) -> KubernetesObject {
    try await client.get(resource, key)
  }

  /// All objects that match, as the API server holds them now.
  public func list(
    _ resource: Resource, namespace: String?, labelSelector: String, fieldSelector: String
  ) async throws(KubernetesError) -> [KubernetesObject] {
    try await client.list(resource, namespace: namespace, labelSelector: labelSelector, fieldSelector: fieldSelector)
  }

  /// Creates an object while this process leads.
  @discardableResult
  public func create(
    _ resource: Resource, namespace: String, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try await guarded { () throws(KubernetesError) in
      try await client.create(resource, namespace: namespace, object, isDryRun: isDryRun)
    }
  }

  /// Replaces an object while this process leads.
  @discardableResult
  public func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try await guarded { () throws(KubernetesError) in
      try await client.update(resource, key, subresource: subresource, object, isDryRun: isDryRun)
    }
  }

  /// Changes an object while this process leads.
  @discardableResult
  public func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ patch: ObjectPatch, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try await guarded { () throws(KubernetesError) in
      try await client.patch(resource, key, subresource: subresource, patch, isDryRun: isDryRun)
    }
  }

  /// Deletes an object while this process leads.
  public func delete(
    _ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions
  ) async throws(KubernetesError) {
    try await guarded { () throws(KubernetesError) in try await client.delete(resource, key, options) }
  }

  /// Creates the object of a subresource while this process leads.
  public func create(
    _ resource: Resource, _ key: NamespacedName, subresource: String, _ object: JSONValue
  ) async throws(KubernetesError) {
    try await guarded { () throws(KubernetesError) in
      try await client.create(resource, key, subresource: subresource, object)
    }
  }

  private func guarded<Answer>(
    _ write: () async throws(KubernetesError) -> Answer
  ) async throws(KubernetesError) -> Answer {
    guard let deadline = fence.deadline else {
      throw KubernetesError(.notLeader, message: "this process does not lead, or could not renew its lease in time")
    }
    let result: Result<Answer, KubernetesError> = await RequestDeadline.$current.withValue(deadline) {
      do throws(KubernetesError) {
        return .success(try await write())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
