import JSON

/// The first place where two pod specifications differ in more than an update in place can change.
struct InPlaceDifference {
  /// The path below the specification, with a leading dot or bracket; empty for the specification itself.
  let path: String
  /// The value that the newer one has there.
  let value: JSONView?

  /// Compares two specifications; nil where at most images of containers differ.
  static func find(_ old: JSONView, _ new: JSONView?) -> InPlaceDifference? {
    guard let new, !new.isNull else { return InPlaceDifference(path: "", value: new) }
    for (name, before, after) in differences(old, new) {
      guard name == "containers", let before, let after else {
        return InPlaceDifference(path: "." + name, value: after)
      }
      if let difference = containers(before, after) { return difference }
    }
    return nil
  }

  private static func containers(_ old: JSONView, _ new: JSONView) -> InPlaceDifference? {
    guard old.count == new.count else { return InPlaceDifference(path: ".containers", value: new) }
    for (place, pair) in zip(old.elements, new.elements).enumerated() {
      for (name, _, after) in differences(pair.0, pair.1) where name != "image" {
        return InPlaceDifference(path: ".containers[\(place)].\(name)", value: after)
      }
    }
    return nil
  }

  /// The members that differ, by their names in the order of the older object and then of the newer one; one that holds nothing is as
  /// good as absent.
  private static func differences(
    _ old: JSONView, _ new: JSONView
  ) -> [(name: String, before: JSONView?, after: JSONView?)] {
    // Looked up by hash: an object may have as many members as a review has room for.
    let before = Dictionary(old.members.map { ($0.name, $0.value) }) { $1 }
    let after = Dictionary(new.members.map { ($0.name, $0.value) }) { $1 }
    var seen: Set<String> = []
    return (old.members.map(\.name) + new.members.map(\.name)).compactMap { name in
      guard seen.insert(name).inserted, !isSame(before[name], after[name]) else { return nil }
      return (name, before[name], after[name])
    }
  }
  private static func isSame(_ one: JSONView?, _ other: JSONView?) -> Bool {
    let (isEmpty, isOtherEmpty) = (one?.holdsNothing ?? true, other?.holdsNothing ?? true)
    return isEmpty || isOtherEmpty ? isEmpty == isOtherEmpty : JSONView.areEqual(one, other)
  }
}

extension JSONView {
  /// Whether the value is `null`, an empty list or an empty object.
  fileprivate var holdsNothing: Bool { isNull || ((isArray || isObject) && count == 0) }
}
