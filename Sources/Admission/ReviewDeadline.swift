/// When an answer has to be on its way, from the `?timeout=10s` that the API server sends with each review.
public enum ReviewDeadline {
  /// The longest time that a review may take.
  ///
  /// The longest timeout of the defaults is 10 s; a server that needs more than 8 s for a pure function is stuck.
  public static let longest: Duration = .seconds(8)

  /// The time for a review: the given timeout less a tenth for the way back, at most ``longest``.
  ///
  /// A query without a timeout, or with one that is malformed or not above zero, means the API's default of 10 s.
  ///
  /// - Parameter query: the text behind the question mark.
  public static func duration(query: String) -> Duration {
    guard let timeout = wholeSeconds(query) ?? parameter("timeout", in: query).flatMap(GoDuration.parse),
      timeout > .zero
    else { return longest }
    return min(timeout / 10 * 9, longest)
  }

  /// The timeout of a query that is exactly `timeout=10s`, as every API server writes it; nil for any other text.
  private static func wholeSeconds(_ query: String) -> Duration? {
    let prefix = "timeout=".utf8
    // Six digits are more than eleven days, and fit any integer.
    guard (prefix.count + 2...prefix.count + 7).contains(query.utf8.count), query.utf8.starts(with: prefix),
      query.utf8.last == UInt8(ascii: "s")
    else { return nil }
    var seconds = 0
    for byte in query.utf8.dropFirst(prefix.count).dropLast() {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
      seconds = seconds * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return .seconds(seconds)
  }

  /// The first value of a parameter, decoded.
  private static func parameter(_ name: String, in query: String) -> String? {
    for pair in query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == name else { continue }
      return decode(parts[1])
    }
    return nil
  }

  /// Undoes percent encoding; nil where an escape is malformed.
  private static func decode(_ text: Substring) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var units = text.utf8.makeIterator()
    while let unit = units.next() {
      guard unit == UInt8(ascii: "%") else {
        bytes.append(unit)
        continue
      }
      guard let high = units.next().flatMap(hexDigit), let low = units.next().flatMap(hexDigit) else { return nil }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
  }
}
