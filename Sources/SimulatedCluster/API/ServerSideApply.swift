import JSON
import Kubernetes

/// Server-side apply: each manager owns the fields that it applied, and taking another's needs force.
struct ServerSideApply: Sendable {
  /// An entry of `metadata.managedFields`.
  struct Entry: Sendable {
    var manager: String
    var operation: String
    var subresource: String
    var time: String
    var fields: FieldSet
  }

  let lists: ListKeys
  let apiVersion: String
  let now: Timestamp

  /// A refused apply: who owns which fields.
  struct Conflict: Error, Sendable {
    let owners: [(manager: String, paths: [String])]

    /// The conflicts in the words of the real server, which says one in a line and several in a list.
    func text(_ count: Int) -> String {
      guard count > 1 else { return owners.map { "conflict with \"\($0.manager)\": \($0.paths.joined())" }.joined() }
      let lists = owners.map { owner in
        (["conflicts with \"\(owner.manager)\":"] + owner.paths.map { "- \($0)" }).joined(separator: "\n")
      }
      return lists.joined(separator: "\n")
    }
  }

  /// The object with a configuration applied, its ownership brought up to date.
  func apply(
    _ configuration: JSONValue, to live: JSONValue?, manager: String, force: Bool
  ) throws(Conflict) -> JSONValue {
    var entries = Self.entries(live)
    let wanted = owned(configuration)
    var old = FieldSet()
    if let place = entries.firstIndex(where: { $0.manager == manager && $0.operation == "Apply" }) {
      old = entries.remove(at: place).fields
    }
    let base = live ?? .object(JSONObject())
    let merged = merge(base, configuration, [])
    let changed = Self.changed(base, merged, wanted, lists)
    try resolve(changed, &entries, force: force)
    let others = entries.reduce(FieldSet()) { $0.union($1.fields) }
    let dropped = old.subtracting(wanted).subtracting(others)
    var result = remove(dropped, from: merged, []) ?? .object(JSONObject())
    entries.append(
      Entry(manager: manager, operation: "Apply", subresource: "", time: now.description, fields: wanted))
    result = withEntries(result, entries)
    return result
  }

  /// The object after another kind of write, its changed fields given to the manager that wrote.
  func recordUpdate(of live: JSONValue?, to new: JSONValue, manager: String, subresource: String) -> JSONValue {
    var entries = Self.entries(live)
    // What is the same on both sides changes nobody's fields, and it is nearly all of an object.
    let (oldPart, newPart) = Self.difference(live ?? .object(JSONObject()), new)
    let before = owned(oldPart)
    let after = owned(newPart)
    let changed = Self.changed(oldPart, newPart, after, lists)
    let gone = before.subtracting(after)
    guard !changed.isEmpty || !gone.isEmpty else { return withEntries(new, entries) }
    for place in entries.indices {
      entries[place].fields = entries[place].fields.subtracting(gone).subtracting(changed)
    }
    if let place = entries.firstIndex(where: {
      $0.manager == manager && $0.operation == "Update" && $0.subresource == subresource
    }) {
      entries[place].fields = entries[place].fields.union(changed)
      entries[place].time = now.description
    } else if !changed.isEmpty {
      entries.append(
        Entry(manager: manager, operation: "Update", subresource: subresource, time: now.description, fields: changed))
    }
    entries.removeAll(where: \.fields.isEmpty)
    return withEntries(new, entries)
  }

  /// Two objects without the members that are the same in both.
  private static func difference(_ old: JSONValue, _ new: JSONValue) -> (JSONValue, JSONValue) {
    guard case .object(let before) = old, case .object(let after) = new else { return (old, new) }
    var (oldPart, newPart) = (JSONObject(), JSONObject())
    for member in after.members {
      guard let other = before[member.name] else {
        newPart[member.name] = member.value
        continue
      }
      guard other != member.value else { continue }
      let (one, two) = difference(other, member.value)
      oldPart[member.name] = one
      newPart[member.name] = two
    }
    for member in before.members where after[member.name] == nil { oldPart[member.name] = member.value }
    // An empty object is a field of its own, so a part may only be empty where the whole is.
    let isMisleading = newPart.isEmpty && !after.isEmpty || oldPart.isEmpty && !before.isEmpty
    return isMisleading ? (old, new) : (.object(oldPart), .object(newPart))
  }

  /// Takes fields from other managers, or refuses.
  private func resolve(_ changed: FieldSet, _ entries: inout [Entry], force: Bool) throws(Conflict) {
    var owners: [(manager: String, paths: [String])] = []
    for place in entries.indices {
      let contested = entries[place].fields.intersection(changed)
      guard !contested.isEmpty else { continue }
      if force {
        entries[place].fields = entries[place].fields.subtracting(contested)
      } else {
        owners.append((entries[place].manager, contested.paths()))
      }
    }
    guard owners.isEmpty else { throw Conflict(owners: owners) }
    entries.removeAll(where: \.fields.isEmpty)
  }

  /// The fields of a configuration that can be owned: all but those that name the object.
  private func owned(_ value: JSONValue) -> FieldSet {
    var value = value
    for field in ["apiVersion", "kind"] { value[field] = nil }
    if value["metadata"] != nil {
      for field in [
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink",
        "deletionTimestamp", "deletionGracePeriodSeconds", "generateName",
      ] { value["metadata"]?[field] = nil }
    }
    return FieldSet(of: value, lists)
  }

  /// The members of a set whose value differs between two objects.
  private static func changed(
    _ old: JSONValue, _ new: JSONValue, _ set: FieldSet, _ lists: ListKeys, _ path: [String] = []
  ) -> FieldSet {
    guard old != new else { return FieldSet() }
    var result = FieldSet()
    if set.isMember, set.children.isEmpty { result.isMember = true }
    for (name, child) in set.children {
      let isField = name.hasPrefix("f:")
      let childPath = isField ? path + [String(name.dropFirst(2))] : path
      let (before, after) = (step(old, name, lists, path), step(new, name, lists, path))
      guard let after else { continue }
      if let before {
        let below = changed(before, after, child, lists, childPath)
        if !below.isEmpty { result.children[name] = below }
      } else {
        result.children[name] = child
      }
    }
    return result
  }

  private static func step(_ value: JSONValue, _ name: String, _ lists: ListKeys, _ path: [String]) -> JSONValue? {
    if name.hasPrefix("f:") { return value[String(name.dropFirst(2))] }
    let kind = lists.kind(path)
    return value.array?.first { ListKeys.elementName($0, kind) == name }
  }

  private func merge(_ live: JSONValue, _ applied: JSONValue, _ path: [String]) -> JSONValue {
    switch (live, applied) {
    case (.object(var object), .object(let changes)):
      for member in changes.members {
        object[member.name] = object[member.name].map { merge($0, member.value, path + [member.name]) } ?? member.value
      }
      return .object(object)
    case (.array(var elements), .array(let changes)):
      let kind = lists.kind(path)
      guard kind != .atomic else { return applied }
      for change in changes {
        let name = ListKeys.elementName(change, kind)
        if let place = elements.firstIndex(where: { ListKeys.elementName($0, kind) == name }) {
          elements[place] = merge(elements[place], change, path)
        } else {
          elements.append(change)
        }
      }
      return .array(elements)
    default: return applied
    }
  }

  private func remove(_ set: FieldSet, from value: JSONValue, _ path: [String]) -> JSONValue? {
    if set.isMember, set.children.isEmpty { return nil }
    switch value {
    case .object(var object):
      for (name, child) in set.children where name.hasPrefix("f:") {
        let field = String(name.dropFirst(2))
        guard let old = object[field] else { continue }
        let rest = remove(child, from: old, path + [field])
        object[field] = rest == .object(JSONObject()) || rest == .array([]) ? nil : rest
      }
      return .object(object)
    case .array(let elements):
      let kind = lists.kind(path)
      return .array(
        elements.compactMap { element in
          guard let name = ListKeys.elementName(element, kind), let child = set.children[name] else { return element }
          return child.isMember ? nil : remove(child, from: element, path)
        })
    default: return value
    }
  }
}

extension ServerSideApply {
  /// The entries of an object.
  static func entries(_ value: JSONValue?) -> [Entry] {
    (value?["metadata"]?["managedFields"]?.array ?? []).map { entry in
      Entry(
        manager: entry["manager"]?.string ?? "", operation: entry["operation"]?.string ?? "",
        subresource: entry["subresource"]?.string ?? "", time: entry["time"]?.string ?? "",
        fields: FieldSet(fieldsV1: entry["fieldsV1"] ?? .null))
    }
  }

  private func withEntries(_ value: JSONValue, _ entries: [Entry]) -> JSONValue {
    var value = value
    var metadata = value["metadata"] ?? .null
    metadata["managedFields"] = entries.isEmpty ? nil : .array(entries.map(encode))
    value["metadata"] = metadata
    return value
  }

  private func encode(_ entry: Entry) -> JSONValue {
    var value: JSONValue = [
      "manager": .string(entry.manager), "operation": .string(entry.operation), "apiVersion": .string(apiVersion),
      "time": .string(entry.time), "fieldsType": "FieldsV1", "fieldsV1": entry.fields.fieldsV1,
    ]
    if !entry.subresource.isEmpty { value["subresource"] = .string(entry.subresource) }
    return value
  }
}
