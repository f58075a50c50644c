import JSON
import NetworkPlugins

/// A text that changes when a projected object does, for annotations such as `game.kruise.io/asts-hash`.
enum ProjectionHash {
  /// The hash of the value's canonical text: members sorted by name, no white space.
  ///
  /// The algorithm is ours: other programs only compare the text, and one left by OpenKruiseGame differs once.
  static func text(_ value: JSONValue) -> String { String(StableHash.fnv1(value.canonical.bytes)) }
}

extension JSONValue {
  /// Whether everything in this value is in the other one too; the other may hold more members, such as defaults.
  func isContained(in other: JSONView?) -> Bool {
    guard let other else { return isNull }
    switch self {
    case .object(let object):
      return other.isObject && object.members.allSatisfy { $0.value.isContained(in: other[$0.name]) }
    case .array(let elements):
      guard other.isArray, other.count == elements.count else { return false }
      return zip(elements, other.elements).allSatisfy { $0.isContained(in: $1) }
    case .null: return other.isNull
    case .bool, .number, .string: return self == JSONValue(other)
    }
  }
}
