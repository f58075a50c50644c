extension JSONView {
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
