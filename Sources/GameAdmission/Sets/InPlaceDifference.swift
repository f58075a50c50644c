import JSON

/// The first place where two pod specifications differ in more than an update in place can change.
struct InPlaceDifference {
  /// The path below the specification, with a leading dot or bracket; empty for the specification itself.
  let path: String
  /// The value that the newer one has there.
  let value: JSONView?

  /// Compares two specifications; nil where at most images of containers differ.
  static func find(_ old: JSONView, _ new: JSONView) -> InPlaceDifference? {
    for name in names(old, new) where !JSONView.areEqual(old[name], new[name]) {
      guard name == "containers", let before = old[name], let after = new[name] else {
        return InPlaceDifference(path: "." + name, value: new[name])
      }
      if let difference = containers(before, after) { return difference }
    }
    return nil
  }

  private static func containers(_ old: JSONView, _ new: JSONView) -> InPlaceDifference? {
    guard old.count == new.count else { return InPlaceDifference(path: ".containers", value: new) }
    for (place, pair) in zip(old.elements, new.elements).enumerated() {
      for name in names(pair.0, pair.1) where name != "image" && !JSONView.areEqual(pair.0[name], pair.1[name]) {
        return InPlaceDifference(path: ".containers[\(place)].\(name)", value: pair.1[name])
      }
    }
    return nil
  }

  /// The names of the members of both, each once, in their order.
  private static func names(_ old: JSONView, _ new: JSONView) -> [String] {
    var seen: Set<String> = []
    return (old.members.map(\.name) + new.members.map(\.name)).filter { seen.insert($0).inserted }
  }
}
