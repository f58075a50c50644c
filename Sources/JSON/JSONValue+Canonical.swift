extension JSONValue {
  /// The value with the members of every object sorted by name: equal values have one canonical text, which can be hashed.
  public var canonical: JSONValue {
    switch self {
    case .object(let object):
      .object(
        JSONObject(
          object.members.sorted { $0.name < $1.name }.map { JSONObject.Member($0.name, $0.value.canonical) }))
    case .array(let elements): .array(elements.map(\.canonical))
    case .null, .bool, .number, .string: self
    }
  }
}
