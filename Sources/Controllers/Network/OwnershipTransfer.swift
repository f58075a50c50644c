import JSON
import Kubernetes

/// What makes the fields of an object that the compatibility target wrote the product's own.
///
/// Server-side apply removes a field that is not wanted any more only where no other manager owns it. The compatibility target wrote whole
/// objects by update and never comes back to let go of them, so what it wrote would stay for good.
struct OwnershipTransfer: Sendable {
  /// The name under which the API server keeps what the compatibility target wrote: that of its program.
  static let formerManager = "manager"

  /// A merge patch that changes nothing but who owns which fields; nil where there is nothing to take over.
  let value: JSONValue?

  /// Looks at an object as it is after the product has applied it.
  init(_ object: KubernetesObject) {
    let entries = object.json["metadata"]?["managedFields"]?.elements.map { JSONValue($0) } ?? []
    let former = entries.filter(Self.isFormer)
    guard !former.isEmpty, var own = entries.first(where: Self.isOwn) else {
      value = nil
      return
    }
    own["fieldsV1"] = former.reduce(own["fieldsV1"] ?? [:]) { Self.union($0, $1["fieldsV1"] ?? [:]) }
    let rest = entries.filter { !Self.isFormer($0) && !Self.isOwn($0) }
    value = ["metadata": ["uid": .string(object.metadata.uid), "managedFields": .array(rest + [own])]]
  }

  private static func isOwn(_ entry: JSONValue) -> Bool {
    entry["manager"] == .string(NetworkWrites.fieldManager) && entry["operation"] == "Apply"
  }

  /// Whether an entry is of whoever made the object; other programs of that name only add to it, and theirs is left alone.
  private static func isFormer(_ entry: JSONValue) -> Bool {
    entry["manager"] == .string(formerManager) && entry["operation"] == "Update"
      && entry["subresource"]?.string ?? "" == "" && entry["fieldsV1"]?["f:metadata"]?["f:ownerReferences"] != nil
  }

  /// The fields of two sets (FieldsV1: nested objects, one member for each field).
  private static func union(_ one: JSONValue, _ other: JSONValue) -> JSONValue {
    guard case .object(var fields) = one, case .object(let more) = other else { return one }
    for member in more.members {
      fields[member.name] = fields[member.name].map { union($0, member.value) } ?? member.value
    }
    return .object(fields)
  }
}
