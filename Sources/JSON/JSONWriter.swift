/// Appends JSON to a buffer that its owner reuses, compact, with the commas set by itself.
///
/// The caller keeps the grammar: a name before each value in an object, a close for each open.
public struct JSONWriter: Sendable {
  /// Which characters of a string are written as escapes.
  public enum Escaping: Sendable {
    /// Those that RFC 8259 section 7 demands.
    case minimal
    /// Those that `encoding/json` of Go 1.22 and later escapes, for a text that has to equal Go's byte for byte.
    ///
    /// These are `<`, `>`, `&`, U+2028 and U+2029 as well. The order of members and the spelling of numbers stay the caller's.
    case go
  }

  private var buffer: JSONBuffer
  private var needsComma = false
  /// Which characters of a string are written as escapes.
  public let escaping: Escaping

  /// A writer that appends behind `bytes`.
  public init(appendingTo bytes: consuming [UInt8] = [], escaping: Escaping = .minimal) {
    buffer = JSONBuffer(bytes)
    self.escaping = escaping
  }

  /// A copy of what was written so far.
  public var bytes: [UInt8] { buffer.bytes }

  /// Lends what was written so far.
  public func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result { buffer.withBytes(body) }

  /// Forgets what was written and keeps the memory.
  public mutating func removeAll() {
    buffer.truncate(to: 0)
    needsComma = false
  }

  /// Hands the memory over.
  public consuming func finish() -> [UInt8] { buffer.finish() }

  /// Makes room for a number of bytes, so that the memory grows once.
  public mutating func reserve(_ room: Int) { buffer.reserve(room) }

  /// Lends room for at most `room` bytes; the body answers how many of them it has written.
  @inline(__always) mutating func fill(_ room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    unsafe buffer.fill(room, body)
  }

  /// Writes a byte as it is.
  @inline(__always) mutating func append(_ byte: UInt8) { buffer.append(byte) }

  /// Writes bytes as they are.
  @inline(__always) @unsafe mutating func append(_ source: UnsafeBufferPointer<UInt8>) { unsafe buffer.append(source) }

  /// Opens an object.
  public mutating func beginObject() { open(UInt8(ascii: "{")) }
  /// Closes the innermost object.
  public mutating func endObject() { close(UInt8(ascii: "}")) }
  /// Opens an array.
  public mutating func beginArray() { open(UInt8(ascii: "[")) }
  /// Closes the innermost array.
  public mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes a member's name.
  public mutating func name(_ name: String) {
    separate()
    appendQuoted(name)
    behindName()
  }

  /// Writes the colon, behind which a value stands without a comma.
  mutating func behindName() {
    append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a string.
  public mutating func string(_ text: String) {
    separate()
    appendQuoted(text)
  }

  /// Writes an integer.
  public mutating func int(_ value: Int) { raw(String(value)) }
  /// Writes a boolean.
  public mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
  /// Writes `null`.
  public mutating func null() { raw("null") }

  /// Writes a text that is a JSON value already.
  public mutating func raw(_ text: String) {
    separate()
    var text = text
    text.withUTF8 { unsafe append($0) }
  }

  /// Copies a value of a document as it was written there; where Go's escapes are wanted it is written anew.
  public mutating func view(_ view: JSONView) {
    if escaping == .go {
      value(JSONValue(view))
      return
    }
    separate()
    view.withTextBytes { append($0) }
  }

  /// Writes a value and all that is in it.
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(let number): raw(number.description)
    case .string(let text): string(text)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let object):
      beginObject()
      for member in object.members {
        name(member.name)
        self.value(member.value)
      }
      endObject()
    }
  }

  /// Writes words between two values that need no escapes, such as a comma, a name and its colon.
  mutating func words(_ text: StaticString) {
    unsafe append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    needsComma = false
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    append(bracket)
    needsComma = true
  }

  mutating func separate() {
    if needsComma { append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func append(_ span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe append($0) }
  }
}

extension JSONValue {
  /// The value as compact JSON.
  public var bytes: [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.finish()
  }

  /// The value as compact JSON text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}
