/// Reads a string, character or number as Go writes them.
struct TemplateLiteral {
  private let bytes: [UInt8]
  private let start: Int
  private(set) var place: Int

  init(_ bytes: [UInt8], at place: Int) {
    self.bytes = bytes
    start = place
    self.place = place
  }

  /// A string in double quotes or back quotes, or a character in single quotes, which is a number.
  mutating func quoted() throws(TemplateError) -> TemplateValue {
    let quote = bytes[place]
    place += 1
    var text: [UInt8] = []
    while place < bytes.count, bytes[place] != quote {
      let byte = bytes[place]
      if quote != UInt8(ascii: "`") {
        guard byte != 0x0A else { break }
        if byte == UInt8(ascii: "\\") {
          text += try escape(quote)
          continue
        }
      }
      text.append(byte)
      place += 1
    }
    guard place < bytes.count, bytes[place] == quote else { throw TemplateError("string without end", at: start) }
    place += 1
    let string = String(decoding: text, as: UTF8.self)
    guard quote == UInt8(ascii: "'") else { return .string(string) }
    guard let scalar = string.unicodeScalars.first, string.unicodeScalars.count == 1 else {
      throw TemplateError("character of more than one letter", at: start)
    }
    return .int(Int(scalar.value))
  }

  private mutating func escape(_ quote: UInt8) throws(TemplateError) -> [UInt8] {
    let slash = place
    guard place + 1 < bytes.count else { throw TemplateError("string without end", at: start) }
    let kind = bytes[place + 1]
    place += 2
    switch kind {
    case UInt8(ascii: "a"): return [7]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "v"): return [11]
    case UInt8(ascii: "\\"), quote: return [kind]
    case UInt8(ascii: "x"): return [UInt8(truncatingIfNeeded: try digits(2, radix: 16, slash))]
    case UInt8(ascii: "u"): return try scalar(4, slash)
    case UInt8(ascii: "U"): return try scalar(8, slash)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      place -= 1
      let value = try digits(3, radix: 8, slash)
      guard value < 256 else { throw TemplateError("escape above \\377", at: slash) }
      return [UInt8(value)]
    default: throw TemplateError("unknown escape", at: slash)
    }
  }

  private mutating func scalar(_ count: Int, _ slash: Int) throws(TemplateError) -> [UInt8] {
    guard let scalar = Unicode.Scalar(try digits(count, radix: 16, slash)) else {
      throw TemplateError("escape that is no character", at: slash)
    }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func digits(_ count: Int, radix: Int, _ slash: Int) throws(TemplateError) -> UInt32 {
    let text = String(decoding: bytes[place...].prefix(count), as: UTF8.self)
    guard text.utf8.count == count, text.utf8.allSatisfy(TemplateLexer.isWord), let value = UInt32(text, radix: radix)
    else { throw TemplateError("malformed escape", at: slash) }
    place += count
    return value
  }

  /// A number: a double where it has a point or an exponent, else an integer.
  mutating func number() throws(TemplateError) -> TemplateValue {
    if bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "-") { place += 1 }
    while place < bytes.count {
      let byte = bytes[place]
      let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      let isExponent = isSign && bytes[place - 1] | 0x20 == UInt8(ascii: "e")
      guard TemplateLexer.isWord(byte) || byte == UInt8(ascii: ".") || isExponent else { break }
      place += 1
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    guard let value = TemplateLiteral.value(text) else { throw TemplateError("bad number \(text)", at: start) }
    return value
  }

  private static func value(_ text: String) -> TemplateValue? {
    let digits = text.replacing("_", with: "")
    let isNegative = digits.hasPrefix("-")
    let unsigned = digits.first == "-" || digits.first == "+" ? digits.dropFirst() : digits[...]
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where unsigned.lowercased().hasPrefix(prefix) {
      return Int(unsigned.dropFirst(2), radix: radix).map { .int(isNegative ? -$0 : $0) }
    }
    if digits.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }) {
      return Double(digits).flatMap { $0.isFinite ? .float($0) : nil }
    }
    // As in Go, a leading zero makes the number octal.
    if unsigned.count > 1, unsigned.first == "0" {
      return Int(unsigned, radix: 8).map { .int(isNegative ? -$0 : $0) }
    }
    return Int(digits).map(TemplateValue.int)
  }
}
