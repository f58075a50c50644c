public import JSON
public import Kubernetes

/// The object that an event is about (`involvedObject`).
public struct ObjectReference: Sendable, Hashable {
  /// The object's `apiVersion`.
  public let apiVersion: String
  /// The object's kind.
  public let kind: String
  /// The object's namespace and name.
  public let key: NamespacedName
  /// The object's unique id.
  public let uid: String

  /// Refers to an object by values.
  public init(apiVersion: String, kind: String, key: NamespacedName, uid: String) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.key = key
    self.uid = uid
  }

  /// Refers to an object of a resource.
  public init(_ resource: Resource, _ object: some ObjectView) {
    self.init(apiVersion: resource.apiVersion, kind: resource.kind, key: object.key, uid: object.metadata.uid)
  }

  /// The reference as JSON.
  public var value: JSONValue {
    [
      "apiVersion": .string(apiVersion), "kind": .string(kind), "namespace": .string(key.namespace),
      "name": .string(key.name), "uid": .string(uid),
    ]
  }
}
