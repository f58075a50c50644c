public import JSON
public import Kubernetes
import Synchronization

/// Passes writes on, counts them, and lets a judge fail any of them before or after it is done.
///
/// What fails after it is done is the answer that a broken connection loses: the cluster has changed, and the writer does not know.
public final class InterceptedWriter: ClusterWriter {
  /// What becomes of a write.
  public enum Verdict: Sendable {
    /// It goes through.
    case pass
    /// It fails and changes nothing.
    case fail(KubernetesError)
    /// It is done, and its answer is lost.
    case loseAnswer(KubernetesError)
  }

  private let writer: any ClusterWriter
  private let judge: @Sendable (Int) -> Verdict
  private let total = Mutex(0)

  /// Passes writes on to another writer.
  ///
  /// - Parameter judge: is asked before each write, with the number of writes before it.
  public init(_ writer: any ClusterWriter, judge: @escaping @Sendable (Int) -> Verdict = { _ in .pass }) {
    self.writer = writer
    self.judge = judge
  }

  /// How many writes were tried.
  public var count: Int { total.withLock { $0 } }

  private func intercept<Answer>(
    _ write: () async throws(KubernetesError) -> Answer
  ) async throws(KubernetesError) -> Answer {
    let number = total.withLock { total in
      defer { total += 1 }
      return total
    }
    switch judge(number) {
    case .pass: return try await write()
    case .fail(let error): throw error
    case .loseAnswer(let error):
      _ = try await write()
      throw error
    }
  }

  /// Creates an object.
  public func create(
    _ resource: Resource, namespace: String, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try await intercept { () async throws(KubernetesError) in
      try await writer.create(resource, namespace: namespace, object, isDryRun: isDryRun)
    }
  }

  /// Replaces an object, or a subresource of it.
  public func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try await intercept { () async throws(KubernetesError) in
      try await writer.update(resource, key, subresource: subresource, object, isDryRun: isDryRun)
    }
  }

  /// Changes an object, or a subresource of it.
  public func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ patch: ObjectPatch, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try await intercept { () async throws(KubernetesError) in
      try await writer.patch(resource, key, subresource: subresource, patch, isDryRun: isDryRun)
    }
  }

  /// Deletes an object.
  public func delete(
    _ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions
  ) async throws(KubernetesError) {
    try await intercept { () async throws(KubernetesError) in try await writer.delete(resource, key, options) }
  }

  /// Creates the object of a subresource.
  public func create(
    _ resource: Resource, _ key: NamespacedName, subresource: String, _ object: JSONValue
  ) async throws(KubernetesError) {
    try await intercept { () async throws(KubernetesError) in
      try await writer.create(resource, key, subresource: subresource, object)
    }
  }
}
