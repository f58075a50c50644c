extension JSONValue: Hashable {
  /// Whether both are the same value: numbers by their value, strings by their bytes, objects without regard to order.
  public static func == (one: JSONValue, other: JSONValue) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.number(let one), .number(let other)): one == other
    case (.string(let one), .string(let other)): sameText(one, other)
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)): one == other
    default: false
    }
  }

  /// Feeds the value so that equal values feed the same.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .number(let number): hasher.combine(number)
    case .string(let text): hasher.combine(text)
    case .array(let elements): hasher.combine(elements)
    case .object(let object): hasher.combine(object)
    }
  }
}

extension JSONObject: Hashable {
  /// Whether both objects have the same members, in whatever order.
  public static func == (one: JSONObject, other: JSONObject) -> Bool {
    guard one.count == other.count else { return false }
    // Names first and values after, so that no value is compared twice however deep the objects are.
    let inOrder = zip(one.members, other.members).allSatisfy { sameText($0.name, $1.name) }
    if inOrder { return zip(one.members, other.members).allSatisfy { $0.value == $1.value } }
    let places = other.places
    return one.members.allSatisfy { member in
      guard let place = places.place(of: member.name) else { return false }
      return other.members[place].value == member.value
    }
  }

  /// Feeds the members without their order.
  public func hash(into hasher: inout Hasher) {
    var sum = 0
    for member in members { sum ^= member.hashValue }
    hasher.combine(sum)
  }
}

extension JSONObject.Member: Hashable {
  /// Whether both have the same name, byte by byte, and equal values.
  public static func == (one: Self, other: Self) -> Bool {
    sameText(one.name, other.name) && one.value == other.value
  }

  /// Feeds the name and the value.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(value)
  }
}
