import JSON

/// A set of fields of an object, as a tree: what a field manager owns (`metadata.managedFields`, format `FieldsV1`).
struct FieldSet: Sendable, Hashable {
  /// Whether the field itself is in the set, and not only fields below it.
  var isMember = false
  /// The fields below, by their `FieldsV1` names: `f:name`, `k:{…}` for an element of a keyed list, `v:…` for one of a set.
  var children: [String: FieldSet] = [:]

  var isEmpty: Bool { !isMember && children.values.allSatisfy(\.isEmpty) }

  /// The fields that are in both sets.
  func intersection(_ other: FieldSet) -> FieldSet {
    var result = FieldSet(isMember: isMember && other.isMember)
    for (name, child) in children {
      guard let match = other.children[name] else { continue }
      let common = child.intersection(match)
      if !common.isEmpty { result.children[name] = common }
    }
    return result
  }

  /// The fields of this set that are not in the other.
  func subtracting(_ other: FieldSet) -> FieldSet {
    var result = FieldSet(isMember: isMember && !other.isMember)
    for (name, child) in children {
      let rest = other.children[name].map(child.subtracting) ?? child
      if !rest.isEmpty { result.children[name] = rest }
    }
    return result
  }

  /// The fields that are in either set.
  func union(_ other: FieldSet) -> FieldSet {
    var result = FieldSet(isMember: isMember || other.isMember, children: children)
    for (name, child) in other.children { result.children[name] = children[name]?.union(child) ?? child }
    return result
  }

  /// The paths of the members, as the API server writes them in a conflict: `.spec.replicas`.
  func paths(_ prefix: String = "") -> [String] {
    let own = isMember && !prefix.isEmpty ? [prefix] : []
    return own
      + children.sorted { $0.key < $1.key }.flatMap { name, child in
        child.paths(prefix + (name.hasPrefix("f:") ? "." + name.dropFirst(2) : "[" + name.dropFirst(2) + "]"))
      }
  }

  /// The set in the format `FieldsV1`.
  var fieldsV1: JSONValue {
    var object = JSONObject()
    if isMember, !children.isEmpty { object["."] = .object(JSONObject()) }
    for (name, child) in children.sorted(by: { $0.key < $1.key }) { object[name] = child.fieldsV1 }
    return .object(object)
  }

  init(isMember: Bool = false, children: [String: FieldSet] = [:]) {
    self.isMember = isMember
    self.children = children
  }

  /// Reads the format `FieldsV1`; a field without anything below it is a member.
  init(fieldsV1 value: JSONValue) {
    let members = value.object?.members ?? []
    isMember = members.isEmpty || members.contains { $0.name == "." }
    for member in members where member.name != "." { children[member.name] = FieldSet(fieldsV1: member.value) }
  }
}
