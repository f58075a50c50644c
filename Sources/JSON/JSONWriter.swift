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

  /// What was written so far.
  public internal(set) var bytes: [UInt8]
  private var needsComma = false
  /// Which characters of a string are written as escapes.
  public let escaping: Escaping

  /// A writer that appends behind `bytes`.
  public init(appendingTo bytes: consuming [UInt8] = [], escaping: Escaping = .minimal) {
    self.bytes = bytes
    self.escaping = escaping
  }

  /// Forgets what was written and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  /// Hands the buffer over.
  public consuming func finish() -> [UInt8] { bytes }

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
    bytes.append(UInt8(ascii: ":"))
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
    text.withUTF8 { unsafe bytes.append(contentsOf: $0) }
  }

  /// Writes bytes that are a JSON value already.
  public mutating func raw(_ value: Span<UInt8>) {
    separate()
    append(value)
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

  /// Writes a comma, a name that needs no escapes and its colon, behind another member.
  mutating func member(_ text: StaticString) {
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    needsComma = false
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func append(_ span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
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
