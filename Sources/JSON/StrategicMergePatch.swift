/// The merge of Kubernetes that knows which lists are keyed: `application/strategic-merge-patch+json`.
///
/// Follows `k8s.io/apimachinery/pkg/util/strategicpatch`: keyed lists merge by element, sets of plain values unite, `null` removes, and the
/// directives `$patch`, `$retainKeys`, `$deleteFromPrimitiveList/…` and `$setElementOrder/…` are obeyed. Ports of a container are told
/// apart by `containerPort` alone, as Kubernetes does here (only server-side apply looks at the protocol as well).
public struct StrategicMergePatch: Sendable {
  private let schema: StrategicMergeSchema

  /// The merge for a built-in kind; nil for a custom kind, which Kubernetes answers with status 415.
  ///
  /// - Parameter apiVersion: group and version as in a manifest, such as `v1` or `apps/v1`.
  public init?(apiVersion: String, kind: String) {
    let parts = apiVersion.split(separator: "/", omittingEmptySubsequences: false)
    guard
      let schema = StrategicMergeSchema(group: parts.count > 1 ? String(parts[0]) : "", kind: kind)
    else { return nil }
    self.schema = schema
  }

  /// The object with the patch merged in; the given object stays as it is.
  ///
  /// - Throws: ``StrategicMergeError`` for a patch that is no object, for a directive that does not fit its place, and for an element
  ///   of a keyed list without its key.
  public func apply(_ patch: JSONValue, to object: JSONValue) throws(StrategicMergeError) -> JSONValue {
    guard case .object(let patch) = patch else {
      throw StrategicMergeError(path: "", reason: "a strategic merge patch is an object")
    }
    guard case .object(let object) = object else {
      throw StrategicMergeError(path: "", reason: "only an object can be merged into")
    }
    var merge = StrategicMerge()
    return .object(try merge.members(patch, into: object, schema))
  }
}

/// A strategic merge patch that does not fit the rules or the object.
public struct StrategicMergeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The field at fault, as the text of a JSON pointer; list elements are not numbered.
  public let path: String
  /// What is wrong, as a clause for a person.
  public let reason: String

  /// Names a fault and its place.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// The place and the reason, for an answer or a log line.
  public var description: String { "invalid strategic merge patch at \"\(path)\": \(reason)" }
}
