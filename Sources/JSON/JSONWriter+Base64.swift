extension JSONWriter {
  /// Writes bytes as a string in base64 (RFC 4648 section 4), straight into the buffer.
  public mutating func base64(_ source: Span<UInt8>) {
    separate()
    bytes.append(addingCapacity: (source.count + 2) / 3 * 4 + 2) { target in
      target.append(UInt8(ascii: "\""))
      var place = 0
      while place + 3 <= source.count {
        let group = UInt32(source[place]) << 16 | UInt32(source[place + 1]) << 8 | UInt32(source[place + 2])
        target.appendBase64(group, digits: 4)
        place += 3
      }
      switch source.count - place {
      case 1: target.appendBase64(UInt32(source[place]) << 16, digits: 2)
      case 2: target.appendBase64(UInt32(source[place]) << 16 | UInt32(source[place + 1]) << 8, digits: 3)
      default: break
      }
      target.append(UInt8(ascii: "\""))
    }
  }
}

extension OutputSpan<UInt8> {
  /// Appends the first digits of a group of 24 bits, and padding up to four characters.
  @inline(__always) fileprivate mutating func appendBase64(_ group: UInt32, digits: Int) {
    for digit in 0..<4 {
      append(digit < digits ? base64Digit(group >> UInt32(18 - 6 * digit) & 0x3F) : UInt8(ascii: "="))
    }
  }
}

/// The character of a value below 64.
@inline(__always) private func base64Digit(_ value: UInt32) -> UInt8 {
  let value = UInt8(truncatingIfNeeded: value)
  switch value {
  case 0..<26: return value + UInt8(ascii: "A")
  case 26..<52: return value - 26 + UInt8(ascii: "a")
  case 52..<62: return value - 52 + UInt8(ascii: "0")
  case 62: return UInt8(ascii: "+")
  default: return UInt8(ascii: "/")
  }
}
