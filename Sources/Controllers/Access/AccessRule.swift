public import NetworkPlugins

/// A permission that the product asks of the API server: what it may do with which objects.
///
/// The roles in `deploy/` grant exactly these rules (a test compares the two), and a check before or after installing asks the API server
/// for each of them.
public struct AccessRule: Sendable, Hashable {
  /// Which part of the product needs it.
  public enum Purpose: Sendable, Hashable {
    /// The controllers, admission and the scaler, always.
    case operation
    /// The lease, in the product's own namespace.
    case election
    /// The certificates and webhook configurations, where the product registers itself.
    case registration
    /// The objects of a cloud's own controllers, where that cloud's plugins are in use.
    case provider(NetworkProvider)
  }

  /// Where it is needed.
  public enum Scope: Sendable, Hashable {
    /// In every namespace, and for objects without one.
    case cluster
    /// In the product's own namespace.
    case ownNamespace
  }

  /// Which part of the product needs it.
  public let purpose: Purpose
  /// Where it is needed.
  public let scope: Scope
  /// The API group; empty for the core group.
  public let group: String
  /// The plural name, with a subresource behind a slash, such as `gameservers/status`.
  public let resource: String
  /// What is done, such as `patch`, in the order of the alphabet.
  public let verbs: [String]
  /// The only objects that it is done with; empty for all of them.
  ///
  /// A `create` that is no apply cannot be bound to names: there is none yet.
  public let names: [String]

  init(
    _ purpose: Purpose, _ group: String, _ resource: String, _ verbs: [String], in scope: Scope = .cluster,
    names: [String] = []
  ) {
    self.purpose = purpose
    self.scope = scope
    self.group = group
    self.resource = resource
    self.verbs = verbs.sorted()
    self.names = names
  }
}
