public import JSON

/// A typed look at an object: a struct around a view that reads fields when they are asked for.
public protocol ObjectView: Sendable {
  /// The object as it was received.
  var json: JSONView { get }
  /// Looks at an object; the caller has made sure of its kind.
  init(_ json: JSONView)
}

extension ObjectView {
  /// The fields under `metadata`.
  public var metadata: ObjectMetadata { ObjectMetadata(json["metadata"]) }
  /// The name.
  public var name: String { metadata.name }
  /// The namespace; empty where there is none.
  public var namespace: String { metadata.namespace }
  /// The namespace and name.
  public var key: NamespacedName { NamespacedName(namespace, name) }
  /// The `kind` field.
  public var kind: String { json["kind"]?.string ?? "" }
  /// The `apiVersion` field.
  public var apiVersion: String { json["apiVersion"]?.string ?? "" }
  /// Looks at the same object as another type.
  public func `as`<View: ObjectView>(_ type: View.Type) -> View { View(json) }
}

/// An object of any kind that never changes, such as a store keeps.
public struct KubernetesObject: ObjectView {
  /// The object as it was received.
  public let json: JSONView
  /// Wraps a view.
  public init(_ json: JSONView) { self.json = json }

  /// Wraps a value that was built here.
  ///
  /// The value is written and parsed again, so this is for tests and for answers, not for a hot path.
  public init(_ value: JSONValue) {
    do {
      json = try JSONDocument(value.bytes).root
    } catch {
      preconditionFailure("a JSON value wrote a text that does not parse: \(error)")
    }
  }
}
