/// One log line while it is put together: bytes that never grow past a limit.
///
/// Fields are added whole or, when they do not fit, left out; the line then says that it was cut.
/// Text is escaped, so that nothing in a message can end the line, forge a field or drive a terminal.
struct LogLine {
  /// `PIPE_BUF` on Linux: a line of this length still reaches a pipe in one piece (see ``StandardErrorOutput``).
  static let maximumBytes = 4096
  /// What one text may take before it is cut, escapes counted: a long message leaves half of the line to the rest.
  static let maximumTextBytes = 2048
  /// Kept free for the mark of a cut line and its end: `,"truncated":true}` and the line feed.
  private static let reserve = 32

  private(set) var bytes: [UInt8] = []
  private(set) var isCut = false

  /// Whether the field being written is already too long, so that the rest of a long list need not be visited.
  var isFull: Bool { bytes.count > Self.maximumBytes }

  init() {
    bytes.reserveCapacity(512)
  }

  /// Runs `build`, and takes back what it wrote when the line has become too long.
  mutating func field(_ build: (inout LogLine) -> Void) {
    let mark = bytes.count
    build(&self)
    if bytes.count > Self.maximumBytes - Self.reserve {
      bytes.removeSubrange(mark...)
      isCut = true
    }
  }

  /// Appends text that needs no escape, from this file's callers, never from a log statement.
  mutating func raw(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  mutating func time(_ time: WallTime) {
    time.appendRFC3339(to: &bytes)
  }

  /// Appends text with JSON's escapes (RFC 8259, section 7), and those of the other control characters too.
  ///
  /// The C1 controls, the line and paragraph separators and the marks that turn the direction of writing are legal in
  /// JSON, but a terminal or an editor that shows the line would obey them.
  mutating func escaped(_ text: String) {
    let end = bytes.count + Self.maximumTextBytes
    // Most texts are names: plain ASCII that needs no look at each character.
    if text.utf8.count <= Self.maximumTextBytes, text.utf8.allSatisfy(Self.isPlain) { return raw(text) }
    for scalar in text.unicodeScalars {
      guard bytes.count < end else {
        isCut = true
        bytes.append(contentsOf: "…".utf8)
        return
      }
      append(scalar)
    }
  }

  /// Printable ASCII without the quote and the backslash.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": raw("\\\"")
    case "\\": raw("\\\\")
    case "\n": raw("\\n")
    case "\r": raw("\\r")
    case "\t": raw("\\t")
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}":
      let digits = String(scalar.value, radix: 16)
      raw("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    default:
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }

  /// The bytes with the line feed.
  consuming func finished() -> [UInt8] {
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}
