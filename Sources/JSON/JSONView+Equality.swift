extension JSONView {
  /// Whether both are the same value: numbers by their value, strings by their bytes, objects without regard to order.
  ///
  /// Equal texts are equal at once, and nothing is decoded that need not be; of two members with the same name the last counts.
  public func isEqual(to other: JSONView) -> Bool {
    let one = node
    let two = other.node
    guard one.kind == two.kind else { return false }
    if hasSameText(as: other) { return true }
    switch one.kind {
    case .null, .bool: return false
    case .number: return JSONNumber(checked: numberText ?? "") == JSONNumber(checked: other.numberText ?? "")
    case .string:
      guard one.hasEscapes || two.hasEscapes else { return false }
      return sameText(string ?? "", other.string ?? "")
    case .array:
      return one.count == two.count && zip(elements, other.elements).allSatisfy { $0.isEqual(to: $1) }
    case .object: return hasSameMembers(as: other)
    }
  }

  /// Whether this is the same value as one that was built.
  public func isEqual(to value: JSONValue) -> Bool {
    switch value {
    case .null: return isNull
    case .bool(let value): return bool == value
    case .number(let number): return numberText.map { JSONNumber(checked: $0) == number } ?? false
    case .string(let text): return isString(text)
    case .array(let values):
      guard isArray, count == values.count else { return false }
      return zip(elements, values).allSatisfy { $0.isEqual(to: $1) }
    case .object(let object): return hasSameMembers(as: object)
    }
  }

  private func hasSameText(as other: JSONView) -> Bool {
    let one = textRange
    let two = other.textRange
    return unsafe one.count == two.count
      && equalBytes(document.bytes + one.lowerBound, other.document.bytes + two.lowerBound, one.count)
  }

  private func hasSameMembers(as other: JSONView) -> Bool {
    let one = lastMembers
    let two = other.lastMembers
    guard one.count == two.count else { return false }
    return zip(one, two).allSatisfy { $0.nameView.isEqual(to: $1.nameView) }
      && zip(one, two).allSatisfy { $0.value.isEqual(to: $1.value) }
  }

  private func hasSameMembers(as object: JSONObject) -> Bool {
    guard isObject else { return false }
    // The order of a built object is not sorted, so the names are looked up; as many as there are, or a name stands twice.
    let places = object.places
    let members = count == object.count ? Array(self.members) : lastMembers
    guard members.count == object.count else { return false }
    var seen = Set<Int>()
    for member in members {
      guard let place = places.place(of: member.name), seen.insert(place).inserted else { return false }
      guard member.value.isEqual(to: object.members[place].value) else { return false }
    }
    return true
  }

  /// The members that count, sorted by their names, so that two objects are compared in one walk.
  private var lastMembers: [Member] {
    let sorted = members.enumerated().sorted { one, two in
      let order = one.element.nameView.compareText(with: two.element.nameView)
      return order == 0 ? one.offset < two.offset : order < 0
    }.map(\.element)
    // Among members of one name the sort left the last of the text as the last of the run.
    return sorted.indices.filter { place in
      place + 1 == sorted.endIndex || !sorted[place].nameView.isEqual(to: sorted[place + 1].nameView)
    }.map { sorted[$0] }
  }

  /// Less than, equal to or greater than 0 for the order of two strings by their decoded bytes.
  private func compareText(with other: JSONView) -> Int {
    let one = node
    let two = other.node
    guard one.hasEscapes || two.hasEscapes else {
      let order = unsafe compareBytes(
        document.bytes + Int(one.offset), other.document.bytes + Int(two.offset), Int(min(one.length, two.length)))
      return order == 0 ? Int(one.length) - Int(two.length) : order
    }
    let oneText = (string ?? "").utf8
    let twoText = (other.string ?? "").utf8
    if oneText.elementsEqual(twoText) { return 0 }
    return oneText.lexicographicallyPrecedes(twoText) ? -1 : 1
  }
}
