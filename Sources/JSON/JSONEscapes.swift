import Glibc

/// Whether two runs of bytes are equal.
@inline(__always) @unsafe func equalBytes(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, _ count: Int)
  -> Bool
{
  unsafe memcmp(one, other, count) == 0
}

/// Less than, equal to or greater than 0 for the order of two runs of bytes.
@inline(__always) @unsafe func compareBytes(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, _ count: Int)
  -> Int
{
  unsafe Int(memcmp(one, other, count))
}

/// The escapes of JSON strings (RFC 8259 section 7), read from texts that a parser has checked.
enum JSONEscapes {
  /// The text of a string that holds escapes.
  @unsafe static func decode(_ source: UnsafeBufferPointer<UInt8>) -> String {
    // An escape is never shorter than the character it stands for.
    unsafe String(unsafeUninitializedCapacity: source.count) { target in
      var count = 0
      var place = 0
      while place < source.count {
        let byte = unsafe source[place]
        if byte == UInt8(ascii: "\\") {
          let scalar = unsafe escape(source, &place)
          for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            unsafe target[count] = unit
            count += 1
          }
        } else {
          unsafe target[count] = byte
          count += 1
          place += 1
        }
      }
      return count
    }
  }

  /// The character of the escape at `place`, which moves behind it.
  @unsafe private static func escape(_ source: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> Unicode.Scalar {
    let kind = unsafe source[place + 1]
    if kind == UInt8(ascii: "u") {
      let unit = unsafe unit(source, place)
      place += 6
      guard 0xD800...0xDBFF ~= unit else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
      let low = unsafe UInt32(self.unit(source, place))
      place += 6
      return Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }
    place += 2
    switch kind {
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    default: return Unicode.Scalar(kind)
    }
  }

  @unsafe private static func unit(_ source: UnsafeBufferPointer<UInt8>, _ place: Int) -> UInt16 {
    var unit: UInt16 = 0
    for index in 2..<6 { unsafe unit = unit << 4 | (JSONScanner.hexDigit(source[place + index]) ?? 0) }
    return unit
  }
}
