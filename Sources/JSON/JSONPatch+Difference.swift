extension JSONPatch {
  /// A patch that makes one document of the other.
  ///
  /// Objects are compared by member and arrays by element, after the equal elements at both ends; what changed throughout is replaced as a
  /// whole where that is the shorter text. The order of members is no difference.
  public static func difference(from old: JSONValue, to new: JSONValue) -> JSONPatch {
    var difference = PatchDifference()
    difference.compare(old, new)
    // A patch that no reader takes is worth less than a long one.
    guard difference.operations.count <= JSONPatchLimits().operations else {
      return JSONPatch([.replace(JSONPointer(), new)])
    }
    return JSONPatch(difference.operations)
  }
}

/// The operations that were found so far, and the place where the comparison stands.
private struct PatchDifference {
  private(set) var operations: [JSONPatch.Operation] = []
  private var path = JSONPath()

  mutating func compare(_ old: JSONValue, _ new: JSONValue) {
    let first = operations.count
    switch (old, new) {
    case (.object(let old), .object(let new)): compareMembers(old, new)
    case (.array(let old), .array(let new)): compareElements(old, new)
    default:
      if old != new { operations.append(.replace(path.pointer, new)) }
      return
    }
    // The root stays: replacing a whole object would hide what changed in it.
    if operations.count > first + 1, !path.isRoot { shorten(from: first, to: new) }
  }

  private mutating func compareMembers(_ old: JSONObject, _ new: JSONObject) {
    let oldPlaces = old.places
    let newPlaces = new.places
    for member in old.members where newPlaces.place(of: member.name) == nil {
      at(member.name) { difference in difference.operations.append(.remove(difference.path.pointer)) }
    }
    for member in new.members {
      at(member.name) { difference in
        if let place = oldPlaces.place(of: member.name) {
          difference.compare(old.members[place].value, member.value)
        } else {
          difference.operations.append(.add(difference.path.pointer, member.value))
        }
      }
    }
  }

  private mutating func compareElements(_ old: [JSONValue], _ new: [JSONValue]) {
    let shorter = min(old.count, new.count)
    let front = zip(old, new).prefix { $0 == $1 }.count
    let back = zip(old.reversed(), new.reversed()).prefix(shorter - front).prefix { $0 == $1 }.count
    let common = shorter - back
    for place in front..<common {
      at(String(place)) { difference in difference.compare(old[place], new[place]) }
    }
    // From the last to the first, so that no removal shifts the next.
    for place in (common..<max(old.count - back, common)).reversed() {
      at(String(place)) { difference in difference.operations.append(.remove(difference.path.pointer)) }
    }
    for place in common..<max(new.count - back, common) {
      at(back == 0 ? "-" : String(place)) { difference in
        difference.operations.append(.add(difference.path.pointer, new[place]))
      }
    }
  }

  /// Puts one replacement in the place of the operations behind `first` where it is the shorter text.
  private mutating func shorten(from first: Int, to new: JSONValue) {
    let size = operations[first...].reduce(0) { $0 + PatchDifference.size($1) }
    let room = size - PatchDifference.size(.replace(path.pointer, .null))
    guard JSONMeasure(new, bytes: room) != nil else { return }
    operations.replaceSubrange(first..., with: [.replace(path.pointer, new)])
  }

  /// About how long an operation is as text.
  private static func size(_ operation: JSONPatch.Operation) -> Int {
    let frame = #"{"op":"replace","path":"","value":},"#.utf8.count
    let steps = operation.path.description.utf8.count
    guard case .add(_, let value) = operation else {
      guard case .replace(_, let value) = operation else { return frame + steps }
      return frame + steps + (JSONMeasure(value)?.bytes ?? 0)
    }
    return frame + steps + (JSONMeasure(value)?.bytes ?? 0)
  }

  private mutating func at(_ token: String, _ body: (inout PatchDifference) -> Void) {
    let mark = path.descend(token)
    body(&self)
    path.ascend(to: mark)
  }
}
