/// The three changes that patches are made of, in place and by pointer.
extension JSONValue {
  /// Sets a member, inserts an element, or takes the place of everything (RFC 6902 section 4.1).
  mutating func add(_ value: JSONValue, at pointer: JSONPointer) throws(PatchFault) {
    guard !pointer.isRoot else {
      self = value
      return
    }
    try editParent(of: pointer.tokens[...]) { (parent, token) throws(PatchFault) in
      try parent.addChild(value, token)
    }
  }

  /// Removes a member or an element that exists and answers it (RFC 6902 section 4.2).
  mutating func remove(at pointer: JSONPointer) throws(PatchFault) -> JSONValue {
    guard !pointer.isRoot else { throw PatchFault(.malformed, "the whole document cannot be removed") }
    return try editParent(of: pointer.tokens[...]) { (parent, token) throws(PatchFault) in
      try parent.removeChild(token)
    }
  }

  /// Sets a value that exists (RFC 6902 section 4.3).
  mutating func replace(_ value: JSONValue, at pointer: JSONPointer) throws(PatchFault) {
    guard !pointer.isRoot else {
      self = value
      return
    }
    try editParent(of: pointer.tokens[...]) { (parent, token) throws(PatchFault) in
      try parent.editChild(token) { (child) throws(PatchFault) in child = value }
    }
  }

  /// Walks to the value that holds the last step and lends it with that step.
  ///
  /// As deep as the document at most: a step that leads nowhere ends the walk.
  private mutating func editParent<Result>(
    of tokens: ArraySlice<String>, _ body: (inout JSONValue, String) throws(PatchFault) -> Result
  ) throws(PatchFault) -> Result {
    guard let token = tokens.first else { throw .missing("the pointer has no step") }
    if tokens.count == 1 { return try body(&self, token) }
    return try editChild(token) { (child) throws(PatchFault) in
      try child.editParent(of: tokens.dropFirst(), body)
    }
  }

  /// Lends the value of a member or element that exists.
  private mutating func editChild<Result>(
    _ token: String, _ body: (inout JSONValue) throws(PatchFault) -> Result
  ) throws(PatchFault) -> Result {
    switch self {
    case .object(var object):
      guard let place = object.place(of: token) else { throw .missing("there is no member \"\(token)\"") }
      // Let go before the change, so that it happens in place and not in a copy.
      self = .null
      defer { self = .object(object) }
      return try body(&object.members[place].value)
    case .array(var elements):
      let place = try JSONValue.place(token, in: elements.count)
      self = .null
      defer { self = .array(elements) }
      return try body(&elements[place])
    case .null, .bool, .number, .string: throw noContainer(token)
    }
  }

  private mutating func addChild(_ value: JSONValue, _ token: String) throws(PatchFault) {
    switch self {
    case .object(var object):
      self = .null
      object[token] = value
      self = .object(object)
    case .array(var elements):
      // Behind the last element is a place as well, and `-` is its name.
      let place = try token == "-" ? elements.count : JSONValue.place(token, in: elements.count + 1)
      self = .null
      elements.insert(value, at: place)
      self = .array(elements)
    case .null, .bool, .number, .string: throw noContainer(token)
    }
  }

  private mutating func removeChild(_ token: String) throws(PatchFault) -> JSONValue {
    switch self {
    case .object(var object):
      guard let place = object.place(of: token) else { throw .missing("there is no member \"\(token)\"") }
      self = .null
      defer { self = .object(object) }
      return object.members.remove(at: place).value
    case .array(var elements):
      let place = try JSONValue.place(token, in: elements.count)
      self = .null
      defer { self = .array(elements) }
      return elements.remove(at: place)
    case .null, .bool, .number, .string: throw noContainer(token)
    }
  }

  /// The position that a step names among `count` places.
  private static func place(_ token: String, in count: Int) throws(PatchFault) -> Int {
    guard let place = JSONPointer.arrayIndex(token) else { throw .missing("\"\(token)\" is no position of an array") }
    guard place < count else { throw .missing("position \(place) is beyond the end of the array") }
    return place
  }

  private func noContainer(_ token: String) -> PatchFault {
    .missing("\"\(token)\" is looked for in a value that is no object and no array")
  }
}
