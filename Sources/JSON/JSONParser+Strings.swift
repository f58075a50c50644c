extension JSONParser {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  /// Moves to the closing quote and checks every byte before it; answers whether an escape stood among them.
  @inline(__always) mutating func skipString() throws(JSONError) -> Bool {
    var escaped = false
    while true {
      skipPlainBytes()
      let next = byte(at: position)
      if next == UInt8(ascii: "\"") { return escaped }
      if next == UInt8(ascii: "\\") {
        escaped = true
        try skipEscape()
      } else if next >= 0x80 {
        try skipMultibyte()
      } else {
        throw JSONError(position >= limit ? .unexpectedEnd : .controlByte, at: position)
      }
    }
  }

  /// Moves over bytes that need no look of their own, eight at a time: neither quote, backslash, control nor multi-byte.
  @inline(__always) private mutating func skipPlainBytes() {
    while true {
      let word = unsafe UnsafeRawPointer(start + position).loadUnaligned(as: UInt64.self)
      let quote = word ^ (JSONParser.ones &* UInt64(UInt8(ascii: "\"")))
      let backslash = word ^ (JSONParser.ones &* UInt64(UInt8(ascii: "\\")))
      let hits =
        ((quote &- JSONParser.ones) & ~quote) | ((backslash &- JSONParser.ones) & ~backslash)
        | ((word &- (JSONParser.ones &* 0x20)) & ~word) | word
      let special = hits & JSONParser.tops
      if special != 0 {
        position += UInt64(littleEndian: special).trailingZeroBitCount >> 3
        return
      }
      position += 8
    }
  }

  private mutating func skipEscape() throws(JSONError) {
    let place = position
    switch byte(at: place + 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      let unit = try hexUnit(at: place)
      position += 6
      switch unit {
      case 0xD800...0xDBFF: try skipLowSurrogate(after: place)
      case 0xDC00...0xDFFF: throw JSONError(.loneSurrogate, at: place)
      default: break
      }
    default:
      throw JSONError(place + 1 >= limit ? .unexpectedEnd : .malformedEscape, at: place)
    }
  }

  private mutating func skipLowSurrogate(after place: Int) throws(JSONError) {
    guard byte(at: position) == UInt8(ascii: "\\"), byte(at: position + 1) == UInt8(ascii: "u") else {
      throw JSONError(.loneSurrogate, at: place)
    }
    guard case 0xDC00...0xDFFF = try hexUnit(at: position) else { throw JSONError(.loneSurrogate, at: place) }
    position += 6
  }

  /// The code unit of a `\uXXXX` escape.
  private func hexUnit(at place: Int) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for index in 2..<6 {
      // The zeros behind the text are no digits, so this never reads past them.
      guard let digit = JSONParser.hexDigit(byte(at: place + index)) else {
        throw JSONError(place + index >= limit ? .unexpectedEnd : .malformedEscape, at: place)
      }
      unit = unit << 4 | digit
    }
    return unit
  }

  /// The value of an ASCII hexadecimal digit.
  static func hexDigit(_ byte: UInt8) -> UInt16? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// Moves over one multi-byte character, by the table of well-formed sequences (RFC 3629 section 4).
  private mutating func skipMultibyte() throws(JSONError) {
    let lead = byte(at: position)
    let second = byte(at: position + 1)
    let length: Int
    let isLegal: Bool
    switch lead {
    case 0xC2...0xDF: (length, isLegal) = (2, isContinuation(second))
    case 0xE0: (length, isLegal) = (3, 0xA0...0xBF ~= second)
    case 0xED: (length, isLegal) = (3, 0x80...0x9F ~= second)
    case 0xE1...0xEF: (length, isLegal) = (3, isContinuation(second))
    case 0xF0: (length, isLegal) = (4, 0x90...0xBF ~= second)
    case 0xF4: (length, isLegal) = (4, 0x80...0x8F ~= second)
    case 0xF1...0xF3: (length, isLegal) = (4, isContinuation(second))
    default: (length, isLegal) = (1, false)
    }
    guard isLegal else { throw JSONError(.malformedUTF8, at: position) }
    for index in 2..<max(length, 2) {
      guard isContinuation(byte(at: position + index)) else { throw JSONError(.malformedUTF8, at: position) }
    }
    position += length
  }

  private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
