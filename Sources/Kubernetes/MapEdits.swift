import JSON

/// Changes to a map of strings that an object has, such as its labels: a short list beside the map.
///
/// Admission sets a handful of labels and annotations on every pod, which as paths through a general editor would cost more than finding
/// them.
struct MapEdits: Sendable {
  private struct Entry: Sendable {
    let key: String
    /// nil for a key that was removed.
    var value: String?
  }

  /// A map of `metadata`.
  enum Name: String {
    case labels, annotations

    private static let labelsPointer = JSONPointer(["metadata", "labels"])
    private static let annotationsPointer = JSONPointer(["metadata", "annotations"])

    /// Where the map stands; made once, as every operation of every pod begins with it.
    fileprivate var pointer: JSONPointer { self == .labels ? Name.labelsPointer : Name.annotationsPointer }
  }

  private let name: Name
  /// The map as it was received.
  private let map: JSONView
  /// In the order in which they were first made.
  private var entries: [Entry] = []

  /// Edits a map that is there; nil for any other value, which a general editor has to make first.
  init?(_ name: Name, of metadata: JSONView?) {
    guard let map = metadata?[name.rawValue], map.isObject else { return nil }
    self.name = name
    self.map = map
  }

  /// The value of a key with the changes applied.
  subscript(key: String) -> String? {
    for entry in entries where entry.key == key { return entry.value }
    return map[key]?.string
  }

  /// Sets a key, or removes it where the value is nil.
  mutating func set(_ key: String, _ value: String?) {
    for place in entries.indices where entries[place].key == key {
      entries[place].value = value
      return
    }
    // Five labels and a few annotations are what a pod usually gets.
    if entries.isEmpty { entries.reserveCapacity(6) }
    entries.append(Entry(key: key, value: value))
  }

  /// Appends the operations; what is there already needs none.
  func emit(into operations: inout [JSONPatch.Operation]) {
    for entry in entries {
      let old = map[entry.key]
      let path = name.pointer.appending(entry.key)
      switch (old, entry.value) {
      case (nil, nil): continue
      case (nil, let value?): operations.append(.add(path, .string(value)))
      case (.some, nil): operations.append(.remove(path))
      case (let old?, let value?):
        if !old.isString(value) { operations.append(.replace(path, .string(value))) }
      }
    }
  }

  /// Applies the changes to the object.
  func apply(to object: inout JSONValue) {
    for entry in entries { object["metadata"]?[name.rawValue]?[entry.key] = entry.value.map(JSONValue.string) }
  }

  /// How many operations there are at most.
  var count: Int { entries.count }
}
