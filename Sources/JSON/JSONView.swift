/// A value in a document: a reference to the document and a place in it.
///
/// Reading is by need: a string is made when ``string`` is asked for, a number stays text until ``int`` or ``double`` is.
/// Asking a value for what it is not answers nil, so a path through an object of unknown shape is one optional chain.
public struct JSONView: Sendable {
  /// The document that the value stands in.
  public let document: JSONDocument
  @usableFromInline let index: Int

  @inlinable init(document: JSONDocument, index: Int) {
    self.document = document
    self.index = index
  }

  @inlinable var node: JSONNode { unsafe document.nodes[index] }

  /// What the value is.
  @inlinable public var kind: JSONKind { node.kind }
  /// Whether the value is the literal `null`.
  @inlinable public var isNull: Bool { node.kind == .null }
  /// Whether the value is an object.
  @inlinable public var isObject: Bool { node.isObject }
  /// Whether the value is an array.
  @inlinable public var isArray: Bool { node.isArray }
  /// The value of a boolean.
  @inlinable public var bool: Bool? {
    let node = node
    return node.kind == .bool ? node.length == 4 : nil
  }

  /// The number of elements of an array or members of an object (each occurrence of a name that stands twice); else 0.
  @inlinable public var count: Int { node.count }

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
  @unsafe func decodePlain(_ node: JSONNode) -> String {
    unsafe String(
      decoding: UnsafeBufferPointer(start: document.bytes + Int(node.offset), count: Int(node.length)), as: UTF8.self)
  }

  @unsafe func decodeEscaped(_ node: JSONNode) -> String {
    unsafe JSONEscapes.decode(UnsafeBufferPointer(start: document.bytes + Int(node.offset), count: Int(node.length)))
  }
}
