/// The character classes of RFC 9110 and RFC 9112.
extension UInt8 {
  static let lineFeed: UInt8 = 10
  static let carriageReturn: UInt8 = 13
  static let space: UInt8 = 32
  static let tab: UInt8 = 9
  static let colon: UInt8 = 58

  /// Whether the byte may stand in a token: letters, digits and ``!#$%&'*+-.^_`|~``, one bit each.
  var isToken: Bool {
    guard self < 128 else { return false }
    let bits: UInt64 = self < 64 ? 0x03ff_6cfa_0000_0000 : 0x57ff_ffff_c7ff_fffe
    return (bits >> UInt64(self & 63)) & 1 == 1
  }

  /// Whether the byte may stand in a field value: visible, space, tab, or beyond ASCII.
  var isFieldValue: Bool { (self >= 32 && self != 127) || self == .tab }

  /// Whether the byte may stand in a request target: visible ASCII but `#` (a fragment is never sent).
  var isTarget: Bool { self > 32 && self < 127 && self != UInt8(ascii: "#") }

  var isDigit: Bool { self >= 48 && self <= 57 }

  /// The value of a hexadecimal digit, or `nil`.
  var hexValue: Int? {
    switch self {
    case 48...57: Int(self) - 48
    case 65...70: Int(self) - 55
    case 97...102: Int(self) - 87
    default: nil
    }
  }

  /// The letter in lower case; other bytes unchanged.
  var lowercased: UInt8 { self >= 65 && self <= 90 ? self | 32 : self }
}

extension Collection<UInt8> {
  /// Whether the bytes are this ASCII text, whatever the case; the text is given in lower case.
  func matches(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    var position = 0
    for byte in self {
      guard unsafe byte.lowercased == text.utf8Start[position] else { return false }
      position += 1
    }
    return true
  }

  /// Whether one of the comma-separated members is this ASCII text, whatever the case.
  func hasMember(_ text: StaticString) -> Bool {
    split(separator: UInt8(ascii: ",")).contains { $0.trimmed.matches(text) }
  }

  /// The bytes without spaces and tabs at both ends.
  var trimmed: SubSequence {
    var first = startIndex
    var last = endIndex
    while first != last, self[first] == .space || self[first] == .tab { first = index(after: first) }
    while first != last {
      var previous = first
      // Forward-only collections are short here (list members), so walking to the last byte is fine.
      formIndex(&previous, offsetBy: distance(from: first, to: last) - 1)
      guard self[previous] == .space || self[previous] == .tab else { break }
      last = previous
    }
    return self[first..<last]
  }
}
