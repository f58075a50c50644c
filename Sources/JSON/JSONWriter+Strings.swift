extension JSONWriter {
  /// Writes a string with its quotes and escapes.
  mutating func appendQuoted(_ text: String) {
    var text = text
    text.withUTF8 { units in
      guard unsafe plainEnd(units, 0) == units.count else { return unsafe appendEscaped(units) }
      // Nearly every string needs no escape, and is then one growth of the buffer and not three.
      unsafe fill(units.count &+ 2) { target in
        unsafe target.initialize(to: UInt8(ascii: "\""))
        if let source = units.baseAddress { unsafe (target + 1).update(from: source, count: units.count) }
        unsafe (target + units.count + 1).initialize(to: UInt8(ascii: "\""))
        return units.count &+ 2
      }
    }
  }

  /// Writes a pointer in its text form, as a string.
  public mutating func pointer(_ pointer: JSONPointer) { string(pointer.description) }

  @unsafe private mutating func appendEscaped(_ units: UnsafeBufferPointer<UInt8>) {
    append(UInt8(ascii: "\""))
    var plain = 0
    while true {
      let place = unsafe plainEnd(units, plain)
      unsafe append(UnsafeBufferPointer(rebasing: units[plain..<place]))
      guard place < units.count else { break }
      unsafe appendEscape(units, place)
      plain = unsafe place + escapedLength(units, place)
    }
    append(UInt8(ascii: "\""))
  }

  /// The place of the next byte that is not written as it stands, or the end.
  @inline(__always) @unsafe private func plainEnd(_ units: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var place = start
    if escaping == .minimal, let base = units.baseAddress {
      while place + 8 <= units.count {
        let word = unsafe UInt64(littleEndian: UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self))
        if JSONScanner.specialMarks(word) != 0 { break }
        place += 8
      }
    }
    while place < units.count, unsafe escapedLength(units, place) == 0 { place += 1 }
    return place
  }

  /// How many bytes at `place` are written as one escape; 0 for a byte that stands for itself.
  @inline(__always) @unsafe private func escapedLength(_ units: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int {
    let unit = unsafe units[place]
    if unit < 0x20 || unit == UInt8(ascii: "\"") || unit == UInt8(ascii: "\\") { return 1 }
    guard escaping == .go else { return 0 }
    switch unit {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): return 1
    case 0xE2:
      // U+2028 and U+2029 end a line in JavaScript and are E2 80 A8 and E2 80 A9; a String is whole characters.
      let isSeparator = unsafe units[place + 1] == 0x80 && units[place + 2] | 1 == 0xA9
      return isSeparator ? 3 : 0
    default: return 0
    }
  }

  @unsafe private mutating func appendEscape(_ units: UnsafeBufferPointer<UInt8>, _ place: Int) {
    let unit = unsafe units[place]
    append(UInt8(ascii: "\\"))
    switch unit {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(unit)
    case UInt8(ascii: "\n"): append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): append(UInt8(ascii: "t"))
    case 0x08 where escaping == .go: append(UInt8(ascii: "b"))
    case 0x0C where escaping == .go: append(UInt8(ascii: "f"))
    case 0xE2: unsafe appendUnit(0x2000 | UInt16(units[place + 2] & 0x3F))
    default: appendUnit(UInt16(unit))
    }
  }

  private mutating func appendUnit(_ unit: UInt16) {
    append(UInt8(ascii: "u"))
    for shift in [UInt16(12), 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 0xF)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
