extension JSONNumber: Hashable {
  /// Whether both numbers have one value, compared exactly and not as doubles.
  public static func == (one: JSONNumber, other: JSONNumber) -> Bool {
    if sameText(one.description, other.description) { return true }
    if let one = one.int, let other = other.int { return one == other }
    guard let one = one.decimal, let other = other.decimal else { return false }
    return one == other
  }

  /// Feeds the value, not the spelling.
  public func hash(into hasher: inout Hasher) {
    if let decimal { hasher.combine(decimal) } else { hasher.combine(description) }
  }

  /// The one form that all spellings of a value share: digits without zeros at either end, times a power of ten.
  fileprivate struct Decimal: Hashable {
    var isNegative = false
    var digits: [UInt8] = []
    var exponent = 0
  }

  /// The value in its one form; nil where the exponent does not fit 64 bits, so that only equal texts are equal.
  private var decimal: Decimal? {
    var decimal = Decimal()
    var fraction = 0
    var isBehindPoint = false
    let text = Array(description.utf8)
    var place = 0
    while place < text.count, text[place] | 0x20 != UInt8(ascii: "e") {
      switch text[place] {
      case UInt8(ascii: "-"): decimal.isNegative = true
      case UInt8(ascii: "."): isBehindPoint = true
      case let digit:
        decimal.digits.append(digit)
        if isBehindPoint { fraction += 1 }
      }
      place += 1
    }
    if place < text.count {
      guard let exponent = JSONNumber.exponent(text[(place + 1)...]) else { return nil }
      decimal.exponent = exponent
    }
    return decimal.normalised(fraction: fraction)
  }

  private static func exponent(_ text: ArraySlice<UInt8>) -> Int? {
    let digits = text.first == UInt8(ascii: "+") ? text.dropFirst() : text
    return unsafe digits.withUnsafeBufferPointer { unsafe parseInteger($0) }
  }
}

extension JSONNumber.Decimal {
  /// Takes the zeros off both ends; every zero is the one zero.
  fileprivate consuming func normalised(fraction: Int) -> Self? {
    guard let last = digits.lastIndex(where: { $0 != UInt8(ascii: "0") }) else { return Self() }
    let trailing = digits.count - 1 - last
    digits.removeLast(trailing)
    digits.removeFirst(digits.prefix { $0 == UInt8(ascii: "0") }.count)
    let (sum, overflowed) = exponent.addingReportingOverflow(trailing - fraction)
    guard !overflowed else { return nil }
    exponent = sum
    return self
  }
}
