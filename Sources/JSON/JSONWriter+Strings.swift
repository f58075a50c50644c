extension JSONWriter {
  /// Writes a string with its quotes and escapes.
  mutating func appendQuoted(_ text: String) {
    var text = text
    let isPlain = text.withUTF8 { units in
      guard unsafe plainEnd(units, 0) == units.count else { return false }
      // Nearly every string needs no escape, and is then one growth of the buffer and not three.
      bytes.append(addingCapacity: units.count + 2) { output in
        output.append(UInt8(ascii: "\""))
        unsafe JSONWriter.append(units, to: &output)
        output.append(UInt8(ascii: "\""))
      }
      return true
    }
    guard !isPlain else { return }
    bytes.append(UInt8(ascii: "\""))
    appendEscaped(text)
    bytes.append(UInt8(ascii: "\""))
  }

  @inline(__always) @unsafe private static func append(
    _ units: UnsafeBufferPointer<UInt8>, to output: inout OutputSpan<UInt8>
  ) {
    guard let source = units.baseAddress else { return }
    unsafe output.withUnsafeMutableBufferPointer { target, count in
      unsafe (target.baseAddress.map { unsafe $0 + count })?.initialize(from: source, count: units.count)
      count += units.count
    }
  }

  /// Writes a pointer in its text form, as a string.
  public mutating func pointer(_ pointer: JSONPointer) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for token in pointer.tokens {
      bytes.append(UInt8(ascii: "/"))
      appendStep(token)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a step of a pointer.
  private mutating func appendStep(_ step: String) {
    var step = step
    let isPlain = step.withUTF8 { units in
      guard unsafe plainEnd(units, 0) == units.count else { return false }
      // Labels have a slash in their names, so steps are escaped on the way and not afterwards.
      bytes.append(addingCapacity: 2 * units.count) { output in
        for place in units.indices {
          let unit = unsafe units[place]
          guard unit == UInt8(ascii: "~") || unit == UInt8(ascii: "/") else {
            output.append(unit)
            continue
          }
          output.append(UInt8(ascii: "~"))
          output.append(unit == UInt8(ascii: "~") ? UInt8(ascii: "0") : UInt8(ascii: "1"))
        }
      }
      return true
    }
    guard !isPlain else { return }
    let start = bytes.count
    appendEscaped(step)
    escapeSteps(from: start)
  }

  /// Writes `~0` and `~1` for the tildes and slashes of a step that was just written; no escape of JSON's makes either.
  private mutating func escapeSteps(from start: Int) {
    var place = start
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "~") || byte == UInt8(ascii: "/") {
        bytes[place] = UInt8(ascii: "~")
        bytes.insert(byte == UInt8(ascii: "~") ? UInt8(ascii: "0") : UInt8(ascii: "1"), at: place + 1)
        place += 1
      }
      place += 1
    }
  }

  private mutating func appendEscaped(_ text: String) {
    var text = text
    text.withUTF8 { units in
      var plain = 0
      while true {
        let place = unsafe plainEnd(units, plain)
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: units[plain..<place]))
        guard place < units.count else { break }
        unsafe appendEscape(units, place)
        plain = unsafe place + escapedLength(units, place)
      }
    }
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
    bytes.append(UInt8(ascii: "\\"))
    switch unit {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(unit)
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    case 0x08 where escaping == .go: bytes.append(UInt8(ascii: "b"))
    case 0x0C where escaping == .go: bytes.append(UInt8(ascii: "f"))
    case 0xE2: unsafe appendUnit(0x2000 | UInt16(units[place + 2] & 0x3F))
    default: appendUnit(UInt16(unit))
    }
  }

  private mutating func appendUnit(_ unit: UInt16) {
    bytes.append(UInt8(ascii: "u"))
    for shift in [UInt16(12), 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 0xF)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
