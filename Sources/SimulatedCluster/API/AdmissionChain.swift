public import JSON
public import Kubernetes

/// A write on its way into the cluster, as admission sees it.
public struct AdmissionAttempt: Sendable {
  /// `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
  public var operation: String
  /// The resource.
  public var resource: Resource
  /// The subresource; empty for the object itself.
  public var subresource: String
  /// The namespace and name.
  public var key: NamespacedName
  /// The object as it would be stored; nil for a deletion.
  public var object: JSONValue?
  /// The object as it is stored; nil for a creation.
  public var old: JSONValue?
  /// Whether nothing will be stored.
  public var isDryRun: Bool
  /// Who asks.
  public var user: String
}

/// What looks at every write before it is stored: webhooks, in a cluster that has some.
public protocol AdmissionChain: Sendable {
  /// Changes the object, or refuses it.
  func mutate(_ attempt: AdmissionAttempt) async throws(KubernetesError) -> JSONValue?

  /// Refuses the object, or lets it pass.
  func validate(_ attempt: AdmissionAttempt) async throws(KubernetesError)
}
