/// A strategic merge under way: the place where it stands, for messages.
struct StrategicMerge {
  /// The directives that stand among the members of a patch.
  enum Directive {
    static let patch = "$patch"
    static let retainKeys = "$retainKeys"
    static let deletion = "$deleteFromPrimitiveList/"
    static let order = "$setElementOrder/"
  }

  /// The field where the merge stands.
  private(set) var path = JSONPath()

  /// Merges the members of a patch into those of an object.
  mutating func members(
    _ patch: JSONObject, into object: JSONObject, _ schema: StrategicMergeSchema
  ) throws(StrategicMergeError) -> JSONObject {
    if let directive = patch[Directive.patch] {
      switch directive.string {
      case "replace": return StrategicMerge.withoutDirectives(patch)
      case "delete": return JSONObject()
      case "merge": break
      default: throw fault("$patch is replace, delete or merge, not \(directive.text)")
      }
    }
    var result = object
    if let retained = patch[Directive.retainKeys] { try retain(retained, patch, in: &result) }
    // Lists with an order come first and deletions last, so that deleting wins over setting whatever the order of the members is.
    for (name, order) in StrategicMerge.directives(Directive.order, of: patch) {
      try arrange(order, name, patch, in: &result, schema)
    }
    for member in patch.members where !StrategicMerge.isDirective(member.name) {
      guard patch[Directive.order + member.name] == nil else { continue }
      try field(member.name, member.value, in: &result, schema)
    }
    for (name, values) in StrategicMerge.directives(Directive.deletion, of: patch) {
      try delete(values, name, in: &result, schema)
    }
    return result
  }

  /// Merges one field that has no order of its own in the patch.
  private mutating func field(
    _ name: String, _ change: JSONValue, in object: inout JSONObject, _ schema: StrategicMergeSchema
  ) throws(StrategicMergeError) {
    guard !change.isNull else {
      object[name] = nil
      return
    }
    let mark = path.descend(name)
    defer { path.ascend(to: mark) }
    let field = schema.field(name)
    switch (object[name], change) {
    case (.object(let old)?, .object(let new)) where field.strategy != .replace:
      object[name] = .object(try members(new, into: old, field.schema))
    case (.array(let old)?, .array(let new)):
      object[name] = .array(try elements(new, into: old, field))
    default: object[name] = StrategicMerge.withoutDirectives(change)
    }
  }

  /// Takes away the members that `$retainKeys` does not name, and demands that it names those that the patch sets.
  private func retain(
    _ names: JSONValue, _ patch: JSONObject, in object: inout JSONObject
  ) throws(StrategicMergeError) {
    guard let names = names.array else { throw fault("$retainKeys is a list of member names") }
    let kept = Set(names.compactMap { $0.string.map(TextKey.init) })
    for member in patch.members where !member.value.isNull && !member.name.hasPrefix("$") {
      guard kept.contains(TextKey(member.name)) else {
        throw fault("$retainKeys does not name \"\(member.name)\", which the patch sets")
      }
    }
    object.members.removeAll { !kept.contains(TextKey($0.name)) }
  }

  /// Takes values out of a list of plain values.
  private func delete(
    _ values: JSONValue, _ name: String, in object: inout JSONObject, _ schema: StrategicMergeSchema
  ) throws(StrategicMergeError) {
    guard let values = values.array else { throw fault("$deleteFromPrimitiveList/\(name) is a list of values") }
    guard schema.field(name).strategy == .set else {
      throw fault("$deleteFromPrimitiveList does not fit \"\(name)\", which is no list of plain values that merges")
    }
    guard let old = object[name]?.array else { return }
    let deleted = Set(values)
    object[name] = .array(old.filter { !deleted.contains($0) })
  }

  /// Merges a list and brings it into the order that the patch asks for.
  private mutating func arrange(
    _ order: JSONValue, _ name: String, _ patch: JSONObject, in object: inout JSONObject,
    _ schema: StrategicMergeSchema
  ) throws(StrategicMergeError) {
    let mark = path.descend(name)
    defer { path.ascend(to: mark) }
    guard let order = order.array else { throw fault("$setElementOrder is a list") }
    let old = object[name]
    let change = patch[name]
    if old == nil, change == nil { return }
    guard old?.array != nil || old == nil, change?.array != nil || change == nil else {
      throw fault("$setElementOrder is for a list, and this is none")
    }
    let field = schema.field(name)
    let before = old?.array ?? []
    let merged = try change?.array.map { (change) throws(StrategicMergeError) in
      try elements(change, into: before, field)
    }
    let list = try ordered(
      merged ?? before, by: order, patch: change?.array ?? [], old: liveOrder(before, change?.array ?? [], field), field
    )
    object[name] = .array(list)
  }

  func fault(_ reason: String) -> StrategicMergeError {
    StrategicMergeError(path: path.pointer.description, reason: reason)
  }

  /// A value of a patch as it stands alone: no directives, no members that only remove.
  static func withoutDirectives(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object): return .object(withoutDirectives(object))
    case .array(let elements):
      return .array(elements.filter { $0[Directive.patch] == nil }.map { withoutDirectives($0) })
    case .null, .bool, .number, .string: return value
    }
  }

  private static func isDirective(_ name: String) -> Bool {
    guard name.utf8.first == UInt8(ascii: "$") else { return false }
    return name == Directive.patch || name == Directive.retainKeys || name.hasPrefix(Directive.deletion)
      || name.hasPrefix(Directive.order)
  }

  /// The directives of one kind, by the names of the lists that they are for.
  private static func directives(_ prefix: String, of patch: JSONObject) -> [(name: String, value: JSONValue)] {
    patch.members.filter { $0.name.hasPrefix(prefix) }.map { (String($0.name.dropFirst(prefix.count)), $0.value) }
  }

  static func withoutDirectives(_ object: JSONObject) -> JSONObject {
    return JSONObject(
      object.members.filter { !$0.value.isNull && !isDirective($0.name) }
        .map { .init($0.name, withoutDirectives($0.value)) })
  }
}
