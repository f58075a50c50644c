import JSON
import Kubernetes
import Synchronization

/// A client whose calls stand still while it is frozen, as those of a stopped process do, and go out when it thaws.
final class FreezableClient: ClusterClient {
  private enum State {
    case running
    case frozen([CheckedContinuation<Void, Never>])
  }

  private let client: any ClusterClient
  private let state = Mutex(State.running)

  init(_ client: any ClusterClient) { self.client = client }

  func freeze() { state.withLock { $0 = .frozen([]) } }

  func thaw() {
    let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
      defer { state = .running }
      return if case .frozen(let waiting) = state { waiting } else { [] }
    }
    for continuation in waiting { continuation.resume() }
  }

  private func pass() async {
    await withCheckedContinuation { continuation in
      let passes = state.withLock { state in
        guard case .frozen(let waiting) = state else { return true }
        state = .frozen(waiting + [continuation])
        return false
      }
      if passes { continuation.resume() }
    }
  }

  func get(_ resource: Resource, _ key: NamespacedName) async throws(KubernetesError) -> KubernetesObject {
    await pass()
    return try await client.get(resource, key)
  }

  func list(
    _ resource: Resource, namespace: String?, labelSelector: String, fieldSelector: String
  ) async throws(KubernetesError) -> [KubernetesObject] {
    await pass()
    return try await client.list(
      resource, namespace: namespace, labelSelector: labelSelector, fieldSelector: fieldSelector)
  }

  func create(
    _ resource: Resource, namespace: String, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    await pass()
    return try await client.create(resource, namespace: namespace, object, isDryRun: isDryRun)
  }

  func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    await pass()
    return try await client.update(resource, key, subresource: subresource, object, isDryRun: isDryRun)
  }

  func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ patch: ObjectPatch, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    await pass()
    return try await client.patch(resource, key, subresource: subresource, patch, isDryRun: isDryRun)
  }

  func delete(_ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions) async throws(KubernetesError) {
    await pass()
    try await client.delete(resource, key, options)
  }

  func create(
    _ resource: Resource, _ key: NamespacedName, subresource: String, _ object: JSONValue
  ) async throws(KubernetesError) {
    await pass()
    try await client.create(resource, key, subresource: subresource, object)
  }
}
