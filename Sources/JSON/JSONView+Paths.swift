extension JSONView {
  /// The value behind two to four member names, such as `pod["metadata", "labels"]`; nil where a step is missing.
  ///
  /// Makes no string and no view on the way.
  public subscript(first: String, second: String, third: String? = nil, fourth: String? = nil) -> JSONView? {
    guard let one = member(first, of: index), let two = member(second, of: one) else { return nil }
    guard let third else { return JSONView(document: document, index: two) }
    guard let three = member(third, of: two) else { return nil }
    guard let fourth else { return JSONView(document: document, index: three) }
    return member(fourth, of: three).map { JSONView(document: document, index: $0) }
  }

  /// The decoded string behind one to four member names; nil where a step is missing or the value is no string.
  public func string(at first: String, _ second: String? = nil, _ third: String? = nil, _ fourth: String? = nil)
    -> String?
  {
    guard let second else { return self[first]?.string }
    return self[first, second, third, fourth]?.string
  }

  /// The integer behind one to four member names; nil where a step is missing or the value is no integer.
  public func int(at first: String, _ second: String? = nil, _ third: String? = nil, _ fourth: String? = nil) -> Int? {
    guard let second else { return self[first]?.int }
    return self[first, second, third, fourth]?.int
  }

  /// The boolean behind one to four member names; nil where a step is missing or the value is no boolean.
  public func bool(at first: String, _ second: String? = nil, _ third: String? = nil, _ fourth: String? = nil) -> Bool?
  {
    guard let second else { return self[first]?.bool }
    return self[first, second, third, fourth]?.bool
  }

  /// Whether the value is an empty array, an empty object or an empty string.
  public var isEmpty: Bool {
    let node = node
    return switch node.kind {
    case .array, .object: node.count == 0
    case .string: node.length == 0
    case .null, .bool, .number: false
    }
  }

  /// The first element of an array whose member has the given text, such as the container of a name.
  public func element(where name: String, is text: String) -> JSONView? {
    guard isArray else { return nil }
    var place = index + 1
    let end = Int(node.end)
    while place < end {
      if let value = member(name, of: place), unsafe matches(document.nodes[value], text) {
        return JSONView(document: document, index: place)
      }
      place = unsafe Int(document.nodes[place].end)
    }
    return nil
  }
}
