/// A number that keeps the text it was written with, so that nothing is lost between reading and writing.
///
/// Two numbers are equal when they have the same value, however they are spelled: `1`, `1.0` and `10e-1` are one number.
public struct JSONNumber: Sendable, CustomStringConvertible, ExpressibleByIntegerLiteral {
  /// The number as RFC 8259 section 6 writes it.
  public let description: String

  /// Takes a text that was checked to be a number of RFC 8259.
  init(checked text: String) { description = text }

  /// A number from an integer.
  public init(_ value: Int) { description = String(value) }

  /// A number from a literal.
  public init(integerLiteral value: Int) { self.init(value) }

  /// A number from a double; nil for infinities and NaN, which JSON cannot write.
  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    description = value.description
  }

  /// The value where it is written as an integer and fits.
  public var int: Int? {
    var text = description
    return text.withUTF8 { unsafe JSONNumber.parseInteger($0) }
  }

  /// The nearest double.
  public var double: Double { Double(description) ?? .nan }

  /// The integer that the digits write; nil for a fraction, an exponent or an overflow.
  @unsafe static func parseInteger(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var place = 0
    let negative = unsafe text.first == UInt8(ascii: "-")
    if negative { place = 1 }
    guard place < text.count else { return nil }
    var value = 0
    while place < text.count {
      let digit = unsafe text[place] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      let (scaled, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, carried) =
        negative
        ? scaled.subtractingReportingOverflow(Int(digit)) : scaled.addingReportingOverflow(Int(digit))
      guard !overflowed, !carried else { return nil }
      value = sum
      place += 1
    }
    return value
  }
}
