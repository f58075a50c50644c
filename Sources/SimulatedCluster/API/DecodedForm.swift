import JSON
import Kubernetes

/// What becomes of an object when the API server reads it into the type of its kind: what says nothing is not there.
///
/// Custom resources are kept as they are written.
enum DecodedForm {
  static func of(_ value: JSONValue, _ definition: ResourceDefinition) -> JSONValue {
    guard !definition.isCustom, var object = value.object else { return value }
    if object["kind"] == nil { object["kind"] = .string(definition.resource.kind) }
    if object["apiVersion"] == nil { object["apiVersion"] = .string(definition.resource.apiVersion) }
    var decoded = withoutNulls(.object(object))
    // Go leaves these out of what it writes when they are empty.
    for field in ["labels", "annotations", "finalizers", "ownerReferences"] {
      if isEmpty(decoded["metadata"]?[field]) { decoded["metadata"]?[field] = nil }
    }
    for field in ["data", "binaryData", "stringData"] where isEmpty(decoded[field]) { decoded[field] = nil }
    return decoded
  }

  private static func isEmpty(_ value: JSONValue?) -> Bool {
    switch value {
    case .object(let object): object.isEmpty
    case .array(let elements): elements.isEmpty
    default: false
    }
  }

  private static func withoutNulls(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object):
      .object(
        JSONObject(
          object.members.filter { !$0.value.isNull }.map { JSONObject.Member($0.name, withoutNulls($0.value)) }))
    case .array(let elements): .array(elements.map(withoutNulls))
    case .null, .bool, .number, .string: value
    }
  }
}
