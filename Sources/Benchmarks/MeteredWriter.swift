import JSON
import Kubernetes
import SimulatedCluster
import Synchronization

/// Passes writes on and counts them.
final class MeteredWriter: ClusterWriter {
  private let client: InProcessClient
  private let total = Mutex(0)

  init(_ client: InProcessClient) { self.client = client }

  func takeCount() -> Int {
    total.withLock { total in
      defer { total = 0 }
      return total
    }
  }

  private func note() { total.withLock { $0 += 1 } }

  func create(
    _ resource: Resource, namespace: String, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    note()
    return try await client.create(resource, namespace: namespace, object, isDryRun: isDryRun)
  }

  func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    note()
    return try await client.update(resource, key, subresource: subresource, object, isDryRun: isDryRun)
  }

  func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ patch: ObjectPatch, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    note()
    return try await client.patch(resource, key, subresource: subresource, patch, isDryRun: isDryRun)
  }

  func delete(_ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions) async throws(KubernetesError) {
    note()
    try await client.delete(resource, key, options)
  }

  func create(
    _ resource: Resource, _ key: NamespacedName, subresource: String, _ object: JSONValue
  ) async throws(KubernetesError) {
    note()
    try await client.create(resource, key, subresource: subresource, object)
  }
}
