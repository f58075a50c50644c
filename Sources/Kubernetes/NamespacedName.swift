/// The key of an object among those of its resource.
public struct NamespacedName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The namespace; empty for an object of a cluster-scoped resource.
  public let namespace: String
  /// The name.
  public let name: String

  /// Pairs a namespace with a name.
  public init(_ namespace: String, _ name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// `namespace/name`, or the name alone where there is no namespace.
  public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

  /// Orders by namespace, then by name.
  public static func < (one: NamespacedName, other: NamespacedName) -> Bool {
    (one.namespace, one.name) < (other.namespace, other.name)
  }
}
