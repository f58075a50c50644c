import JSON

/// An object as it would be and, in an update, as it is; stored objects stay editable because rules look at what an update changes.
struct Change {
  /// The object as it would be.
  let new: JSONView
  /// The object as it is; nil when it is created.
  let old: JSONView?

  /// Whether the object is created, or any of the fields differs from what is stored.
  func touches(_ paths: [String]...) -> Bool {
    guard let old else { return true }
    return paths.contains { !JSONView.areEqual(new.value(at: $0), old.value(at: $0)) }
  }
}

extension JSONView {
  /// The value at a path of member names.
  func value(at path: [String]) -> JSONView? {
    var view: JSONView? = self
    for name in path { view = view?[name] }
    return view
  }

  /// Whether two values are equal as JSON, both absent included.
  static func areEqual(_ one: JSONView?, _ other: JSONView?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    // Both come from one encoder as a rule, so that equal values have equal texts.
    if one.hasSameText(as: other) { return true }
    return JSONValue(one) == JSONValue(other)
  }

  private func hasSameText(as other: JSONView) -> Bool {
    withTextBytes { mine in
      other.withTextBytes { theirs in
        guard mine.count == theirs.count else { return false }
        for place in mine.indices where mine[place] != theirs[place] { return false }
        return true
      }
    }
  }
}
