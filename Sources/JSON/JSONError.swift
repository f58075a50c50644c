/// A text that is not JSON, or that is larger or deeper than its reader accepts.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong with the text, one case for each rule of RFC 8259 that can be broken.
  public enum Code: String, Sendable {
    /// The text ended inside a value, or held nothing but white space.
    case unexpectedEnd = "unexpected end of the text"
    /// A byte stands where the grammar allows no such byte.
    case unexpectedByte = "unexpected byte"
    /// A number that breaks the grammar of RFC 8259 section 6.
    case malformedNumber = "malformed number"
    /// A backslash that starts no escape of RFC 8259 section 7.
    case malformedEscape = "malformed escape"
    /// An escaped surrogate without its other half, which names no character.
    case loneSurrogate = "surrogate without its other half"
    /// A byte below 0x20 inside a string, which has to be escaped.
    case controlByte = "unescaped control byte in a string"
    /// Bytes that are not UTF-8 (RFC 3629).
    case malformedUTF8 = "malformed UTF-8"
    /// Something other than white space after the value.
    case trailingBytes = "bytes after the value"
    /// More nested arrays and objects than the limit.
    case tooDeep = "nested too deeply"
    /// A longer text than the limit.
    case tooLarge = "text too large"
  }

  /// Which rule was broken.
  public let code: Code
  /// Where, in bytes from the start of the text.
  public let offset: Int

  /// Names a broken rule and its place.
  public init(_ code: Code, at offset: Int) {
    self.code = code
    self.offset = offset
  }

  /// The rule and the place, for a log line or an answer.
  public var description: String { "invalid JSON at byte \(offset): \(code.rawValue)" }
}

/// How large a text a reader accepts.
public struct JSONLimits: Sendable {
  /// The deepest nesting of arrays and objects.
  ///
  /// Go's decoder stops at 10,000 and no Kubernetes object comes near 512.
  public var depth: Int
  /// The longest text, in bytes.
  public var bytes: Int

  /// Limits for a text from the network; the defaults take every AdmissionReview and every list page of an API server.
  public init(depth: Int = 512, bytes: Int = 256 << 20) {
    self.depth = depth
    self.bytes = bytes
  }

  /// The longest text that a document can be of, whatever the limits are.
  ///
  /// An element takes two bytes, so there are never more of them than the 28 bits of a node's count can tell.
  static let largestText = 1 << 29
}
