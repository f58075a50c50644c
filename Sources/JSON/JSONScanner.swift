/// The text of a document while it is checked: where each string and number ends.
///
/// Nothing here changes: every function takes a place and answers the next, so that the parser's own state stays in registers.
@safe struct JSONScanner {
  // Safe because zeros stand behind the text (``JSONParser/padding``) and zero is legal nowhere, so every scan stops there.
  let start: UnsafePointer<UInt8>
  /// The length of the text without the zeros.
  let limit: Int

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let tops: UInt64 = 0x8080_8080_8080_8080

  @inline(__always) subscript(place: Int) -> UInt8 { unsafe start[place] }

  /// The error for a byte that the grammar does not allow at a place.
  func unexpected(at place: Int) -> JSONError {
    JSONError(place >= limit ? .unexpectedEnd : .unexpectedByte, at: min(place, limit))
  }

  /// The first place from `place` on that is not white space.
  @inline(__always) func skipWhiteSpace(_ place: Int) -> Int {
    // Every byte above the blank, and so nearly every byte of a compact text, leaves at the first comparison.
    self[place] > 0x20 ? place : skipBlanks(place)
  }

  private func skipBlanks(_ place: Int) -> Int {
    var place = place
    while true {
      switch self[place] {
      case 0x20, 0x0A, 0x0D, 0x09: place &+= 1
      default: return place
      }
    }
  }

  /// The top bit of each byte that is a quote, a backslash, a control or multi-byte; exact up to the first such byte.
  @inline(__always) static func specialMarks(_ word: UInt64) -> UInt64 {
    let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
    let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
    return ((quote &- ones) | (backslash &- ones) | (word &- (ones &* 0x20)) | word) & tops
  }

  /// The place of the first byte that needs a look of its own: a quote, a backslash, a control or a multi-byte character.
  ///
  /// Looks at eight bytes at a time. A borrow can only mark bytes behind one that is rightly marked, so the first mark is right.
  @inline(__always) func skipPlainBytes(_ place: Int) -> Int {
    var place = place
    while true {
      let word = unsafe UInt64(littleEndian: UnsafeRawPointer(start + place).loadUnaligned(as: UInt64.self))
      let marks = Self.specialMarks(word)
      if marks != 0 { return place &+ marks.trailingZeroBitCount &>> 3 }
      place &+= 8
    }
  }
}

/// Where a string ends and whether it holds escapes.
struct JSONStringEnd {
  /// The place of the closing quote.
  let place: Int
  let hasEscapes: Bool
}

/// Strings (RFC 8259 section 7).
extension JSONScanner {
  /// The end of the string whose first byte behind the quote is at `place`; every byte before it has been checked.
  @inline(__always) func stringEnd(_ place: Int) throws(JSONError) -> JSONStringEnd {
    let end = skipPlainBytes(place)
    if self[end] == UInt8(ascii: "\"") { return JSONStringEnd(place: end, hasEscapes: false) }
    return try specialStringEnd(end)
  }

  /// The same for a string in which something special stands at `place`.
  @inline(never) private func specialStringEnd(_ place: Int) throws(JSONError) -> JSONStringEnd {
    var place = place
    var hasEscapes = false
    while true {
      switch self[place] {
      case UInt8(ascii: "\""): return JSONStringEnd(place: place, hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        place = try escapeEnd(place)
      case 0x80...:
        // Text in other alphabets comes in runs.
        repeat { place = try multibyteEnd(place) } while self[place] >= 0x80
      default: throw JSONError(place >= limit ? .unexpectedEnd : .controlByte, at: place)
      }
      place = skipPlainBytes(place)
    }
  }

  private func escapeEnd(_ place: Int) throws(JSONError) -> Int {
    switch self[place + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return place + 2
    case UInt8(ascii: "u"):
      switch try hexUnit(at: place) {
      case 0xD800...0xDBFF: return try lowSurrogateEnd(place)
      case 0xDC00...0xDFFF: throw JSONError(.loneSurrogate, at: place)
      default: return place + 6
      }
    default:
      throw JSONError(place + 1 >= limit ? .unexpectedEnd : .malformedEscape, at: place)
    }
  }

  /// The end of a pair of escapes whose first half stands at `place`.
  private func lowSurrogateEnd(_ place: Int) throws(JSONError) -> Int {
    guard self[place + 6] == UInt8(ascii: "\\"), self[place + 7] == UInt8(ascii: "u"),
      case 0xDC00...0xDFFF = try hexUnit(at: place + 6)
    else { throw JSONError(.loneSurrogate, at: place) }
    return place + 12
  }

  /// The code unit of a `\uXXXX` escape.
  private func hexUnit(at place: Int) throws(JSONError) -> UInt16 {
    var unit: UInt16 = 0
    for index in 2..<6 {
      // The zeros behind the text are no digits, so this never reads past them.
      guard let digit = JSONScanner.hexDigit(self[place + index]) else {
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

  /// The end of one multi-byte character, by the table of well-formed sequences (RFC 3629 section 4).
  private func multibyteEnd(_ place: Int) throws(JSONError) -> Int {
    let second = self[place + 1]
    let length: Int
    let isLegal: Bool
    switch self[place] {
    case 0xC2...0xDF: (length, isLegal) = (2, isContinuation(second))
    case 0xE0: (length, isLegal) = (3, 0xA0...0xBF ~= second)
    case 0xED: (length, isLegal) = (3, 0x80...0x9F ~= second)
    case 0xE1...0xEF: (length, isLegal) = (3, isContinuation(second))
    case 0xF0: (length, isLegal) = (4, 0x90...0xBF ~= second)
    case 0xF4: (length, isLegal) = (4, 0x80...0x8F ~= second)
    case 0xF1...0xF3: (length, isLegal) = (4, isContinuation(second))
    default: (length, isLegal) = (1, false)
    }
    guard isLegal else { throw JSONError(.malformedUTF8, at: place) }
    for index in 2..<max(length, 2) {
      guard isContinuation(self[place + index]) else { throw JSONError(.malformedUTF8, at: place) }
    }
    return place + length
  }

  private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}

/// Numbers and literals (RFC 8259 sections 3 and 6).
extension JSONScanner {
  /// The end of the number at `place`.
  @inline(__always) func numberEnd(_ place: Int) throws(JSONError) -> Int {
    var place = place
    if self[place] == UInt8(ascii: "-") { place += 1 }
    place = try self[place] == UInt8(ascii: "0") ? place + 1 : digitsEnd(place)
    let next = self[place]
    return try next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") ? fractionEnd(place) : place
  }

  @inline(never) private func fractionEnd(_ place: Int) throws(JSONError) -> Int {
    var place = place
    if self[place] == UInt8(ascii: ".") { place = try digitsEnd(place + 1) }
    guard self[place] | 0x20 == UInt8(ascii: "e") else { return place }
    place += 1
    if self[place] == UInt8(ascii: "+") || self[place] == UInt8(ascii: "-") { place += 1 }
    return try digitsEnd(place)
  }

  /// The end of one digit or more.
  @inline(__always) private func digitsEnd(_ first: Int) throws(JSONError) -> Int {
    var place = first
    while self[place] &- UInt8(ascii: "0") < 10 { place &+= 1 }
    guard place > first else { throw JSONError(place >= limit ? .unexpectedEnd : .malformedNumber, at: place) }
    return place
  }

  /// The end of a literal that has to stand at `place`.
  func literalEnd(_ place: Int, _ word: StaticString) throws(JSONError) -> Int {
    for index in 0..<word.utf8CodeUnitCount {
      guard unsafe self[place + index] == word.utf8Start[index] else { throw unexpected(at: place + index) }
    }
    return place + word.utf8CodeUnitCount
  }
}
