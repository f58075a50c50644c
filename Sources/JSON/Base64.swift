/// Bytes as text of 64 characters, with padding (RFC 4648 section 4), as Kubernetes writes patches and secrets.
public enum Base64 {
  /// The length of the text for a number of bytes.
  public static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

  /// Appends the text of the bytes.
  public static func encode(_ bytes: Span<UInt8>, into target: inout [UInt8]) {
    let first = target.count
    let count = encodedCount(bytes.count)
    target.append(contentsOf: repeatElement(UInt8(ascii: "="), count: count))
    unsafe target.withUnsafeMutableBufferPointer { target in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe encode(bytes, to: UnsafeMutableBufferPointer(rebasing: target[first...]))
      }
    }
  }

  /// Writes the text over padding that stands already.
  @unsafe private static func encode(_ bytes: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<UInt8>)
  {
    var write = 0
    var read = 0
    while read + 3 <= bytes.count {
      let group = unsafe UInt32(bytes[read]) << 16 | UInt32(bytes[read + 1]) << 8 | UInt32(bytes[read + 2])
      unsafe target[write] = character(group >> 18)
      unsafe target[write + 1] = character(group >> 12)
      unsafe target[write + 2] = character(group >> 6)
      unsafe target[write + 3] = character(group)
      read += 3
      write += 4
    }
    guard read < bytes.count else { return }
    let second = unsafe read + 1 < bytes.count ? UInt32(bytes[read + 1]) : 0
    let group = unsafe UInt32(bytes[read]) << 16 | second << 8
    unsafe target[write] = character(group >> 18)
    unsafe target[write + 1] = character(group >> 12)
    if read + 1 < bytes.count { unsafe target[write + 2] = character(group >> 6) }
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
    unsafe alphabet.utf8Start[Int(value & 0x3F)]
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
    bytes.append(UInt8(ascii: "\""))
    Base64.encode(value, into: &bytes)
    bytes.append(UInt8(ascii: "\""))
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
