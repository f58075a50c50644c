/// A value in a document: a reference to the document and a place in it.
///
/// Reading is by need: a string is made when ``string`` is asked for, a number stays text until ``int`` or ``double`` is.
/// Asking a value for what it is not answers nil, so a path through an object of unknown shape is one optional chain.
@safe public struct JSONView: Sendable {
  /// The document that the value stands in.
  public let document: JSONDocument
  let index: Int

  init(document: JSONDocument, index: Int) {
    self.document = document
    self.index = index
  }

  @inline(__always) var node: JSONNode { unsafe document.nodes[index] }

  /// What the value is.
  public var kind: JSONKind { node.kind }
  /// Whether the value is the literal `null`.
  public var isNull: Bool { node.kind == .null }
  /// Whether the value is an object.
  public var isObject: Bool { node.kind == .object }
  /// Whether the value is an array.
  public var isArray: Bool { node.kind == .array }
  /// The value of a boolean.
  public var bool: Bool? {
    let node = node
    return node.kind == .bool ? node.length == 4 : nil
  }

  /// The number of elements of an array or members of an object (each occurrence of a name that stands twice); else 0.
  public var count: Int { node.count }

  /// The text of a number as it was written.
  public var numberText: String? {
    let node = node
    return node.kind == .number ? unsafe decodePlain(node) : nil
  }

  /// The value of a number that is written as an integer and fits 64 bits; `1.0` and `1e3` are no integers, as in Go.
  public var int: Int? {
    let node = node
    guard node.kind == .number else { return nil }
    return unsafe JSONNumber.parseInteger(
      UnsafeBufferPointer(start: document.bytes + Int(node.offset), count: Int(node.length)))
  }

  /// The nearest double of a number.
  public var double: Double? { numberText.flatMap(Double.init) }

  /// The decoded text of a string.
  public var string: String? {
    let node = node
    guard node.kind == .string else { return nil }
    return unsafe node.hasEscapes ? decodeEscaped(node) : decodePlain(node)
  }

  /// Whether the value is the given string; makes no string of its own.
  public func isString(_ text: String) -> Bool {
    let node = node
    return node.kind == .string && matches(node, text)
  }

  /// The text of the value as it stands in the document, white space and all; a string with its quotes.
  public var text: String {
    let node = textRange
    return unsafe String(
      decoding: UnsafeBufferPointer(start: document.bytes + node.lowerBound, count: node.count), as: UTF8.self)
  }

  /// Lends the bytes of the value as they stand in the document, a string with its quotes.
  public func withTextBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let range = textRange
    let buffer = unsafe UnsafeBufferPointer(start: document.bytes + range.lowerBound, count: range.count)
    return withExtendedLifetime(document) { unsafe body(buffer.span) }
  }

  /// Where the value stands in the text, in bytes; a string with its quotes.
  public var textRange: Range<Int> {
    let node = node
    let quote = node.kind == .string ? 1 : 0
    return Int(node.offset) - quote..<Int(node.offset) + Int(node.length) + quote
  }
}

extension JSONView {
  /// The member of an object by name; of two with the same name the last.
  public subscript(name: String) -> JSONView? {
    member(name, of: index).map { JSONView(document: document, index: $0) }
  }

  /// The node of a member's value.
  func member(_ name: String, of index: Int) -> Int? {
    let object = unsafe document.nodes[index]
    guard object.kind == .object else { return nil }
    var found: Int?
    var place = index + 1
    let end = Int(object.end)
    while place < end {
      let key = unsafe document.nodes[place]
      if matches(key, name) { found = place + 1 }
      place = unsafe Int(document.nodes[place + 1].end)
    }
    return found
  }

  /// The element of an array by its position; walks the elements before it.
  public subscript(position: Int) -> JSONView? {
    let array = node
    guard array.kind == .array, position >= 0, position < array.count else { return nil }
    var place = index + 1
    for _ in 0..<position { place = unsafe Int(document.nodes[place].end) }
    return JSONView(document: document, index: place)
  }

  /// Whether a string node has the given text.
  @inline(__always) func matches(_ key: JSONNode, _ name: String) -> Bool {
    if key.hasEscapes { return unsafe sameText(decodeEscaped(key), name) }
    var name = name
    return name.withUTF8 { name in
      guard name.count == Int(key.length) else { return false }
      guard let base = name.baseAddress else { return true }
      return unsafe equalBytes(base, document.bytes + Int(key.offset), name.count)
    }
  }

  @unsafe private func decodePlain(_ node: JSONNode) -> String {
    unsafe String(
      decoding: UnsafeBufferPointer(start: document.bytes + Int(node.offset), count: Int(node.length)), as: UTF8.self)
  }

  @unsafe private func decodeEscaped(_ node: JSONNode) -> String {
    unsafe JSONEscapes.decode(UnsafeBufferPointer(start: document.bytes + Int(node.offset), count: Int(node.length)))
  }
}
