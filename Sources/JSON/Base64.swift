/// Bytes as text of 64 characters, with padding (RFC 4648 section 4), as Kubernetes writes patches and secrets.
public enum Base64 {
  /// The length of the text for a number of bytes.
  public static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

  /// Appends the text of the bytes.
  public static func encode(_ bytes: Span<UInt8>, into target: inout [UInt8]) {
    let first = target.count
    target.append(contentsOf: repeatElement(0, count: encodedCount(bytes.count)))
    unsafe target.withUnsafeMutableBufferPointer { target in
      guard let start = target.baseAddress else { return }
      unsafe encode(bytes, to: start + first)
    }
  }

  /// Writes the text to room for ``encodedCount(_:)`` bytes.
  @unsafe static func encode(_ bytes: Span<UInt8>, to target: UnsafeMutablePointer<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let source = bytes.baseAddress else { return }
      unsafe encode(source, bytes.count, to: target)
    }
  }

  @unsafe private static func encode(
    _ source: UnsafePointer<UInt8>, _ count: Int, to target: UnsafeMutablePointer<UInt8>
  ) {
    // No sum here passes the ends of the two buffers, so none is checked.
    var target = unsafe target
    var read = 0
    while read &+ 3 <= count {
      let group = unsafe UInt32(source[read]) << 16 | UInt32(source[read &+ 1]) << 8 | UInt32(source[read &+ 2])
      unsafe target[0] = character(group >> 18)
      unsafe target[1] = character(group >> 12)
      unsafe target[2] = character(group >> 6)
      unsafe target[3] = character(group)
      read &+= 3
      unsafe target += 4
    }
    guard read < count else { return }
    let hasSecond = read &+ 1 < count
    let group = unsafe UInt32(source[read]) << 16 | (hasSecond ? UInt32(source[read &+ 1]) << 8 : 0)
    unsafe target[0] = character(group >> 18)
    unsafe target[1] = character(group >> 12)
    unsafe target[2] = hasSecond ? character(group >> 6) : UInt8(ascii: "=")
    unsafe target[3] = UInt8(ascii: "=")
  }

  /// The text of the bytes.
  public static func encode(_ bytes: [UInt8]) -> String {
    var target: [UInt8] = []
    target.reserveCapacity(encodedCount(bytes.count))
    encode(bytes.span, into: &target)
    return String(decoding: target, as: UTF8.self)
  }

  /// The bytes of a text; nil for another character, a length that is no multiple of four, or padding that is not at the end.
  public static func decode(_ text: Span<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var place = 0
    while place < text.count {
      var group: UInt32 = 0
      var padding = 0
      for step in 0..<4 {
        let unit = text[place + step]
        if unit == UInt8(ascii: "=") {
          guard place + 4 == text.count, step >= 2 else { return nil }
          padding += 1
          group <<= 6
        } else {
          guard padding == 0, let digit = digit(unit) else { return nil }
          group = group << 6 | digit
        }
      }
      for step in 0..<(3 - padding) { bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * step))) }
      place += 4
    }
    return bytes
  }

  /// The bytes of a text; nil where it is not base64.
  public static func decode(_ text: String) -> [UInt8]? { decode(Array(text.utf8).span) }

  private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  /// The character of the low six bits.
  @inline(__always) private static func character(_ value: UInt32) -> UInt8 {
    // Six bits are always one of the 64 characters.
    unsafe alphabet.utf8Start[Int(truncatingIfNeeded: value & 0x3F)]
  }

  private static func digit(_ unit: UInt8) -> UInt32? {
    switch unit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(unit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(unit - UInt8(ascii: "a") + 26)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(unit - UInt8(ascii: "0") + 52)
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

extension JSONWriter {
  /// Writes bytes as a base64 string, straight into the buffer.
  public mutating func base64(_ value: Span<UInt8>) {
    separate()
    let count = Base64.encodedCount(value.count)
    unsafe fill(count + 2) { target in
      unsafe target.initialize(to: UInt8(ascii: "\""))
      unsafe Base64.encode(value, to: target + 1)
      unsafe (target + count + 1).initialize(to: UInt8(ascii: "\""))
      return count + 2
    }
  }

  /// Writes the bytes of an array as a base64 string.
  public mutating func base64(_ value: [UInt8]) { base64(value.span) }
}

extension JSONView {
  /// The bytes that a string holds as base64; nil for any other value and any other text.
  public var base64: [UInt8]? {
    let node = node
    guard node.kind == .string else { return nil }
    // `/` is the one character of base64 that a writer may escape.
    if node.hasEscapes { return string.flatMap { Base64.decode($0) } }
    let text = unsafe UnsafeBufferPointer(start: document.bytes + Int(node.offset), count: Int(node.length))
    return withExtendedLifetime(document) { unsafe Base64.decode(text.span) }
  }
}
