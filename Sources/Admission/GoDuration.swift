/// The text form of a duration in Go (`time.ParseDuration`): a sign, then numbers with units, such as `10s` or `1m30.5s`.
public enum GoDuration {
  /// The units and how many nanoseconds each is; the micro sign and the Greek letter mu are both accepted, as in Go.
  private static let units: [(String, Double)] = [
    ("ns", 1), ("us", 1e3), ("\u{B5}s", 1e3), ("\u{3BC}s", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
  ]

  /// The duration that a text writes; nil for anything that Go would not parse.
  ///
  /// Read as a double: within the 290 years that Go's type holds the error is far below a microsecond for the seconds of a deadline.
  public static func parse(_ text: String) -> Duration? {
    var rest = Substring(text)
    var sign = 1.0
    if let first = rest.first, first == "-" || first == "+" {
      sign = first == "-" ? -1 : 1
      rest = rest.dropFirst()
    }
    if rest == "0" { return .zero }
    guard !rest.isEmpty else { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { !("0"..."9").contains($0) && $0 != "." }
      rest = rest.dropFirst(unit.count)
      guard let number = number(digits), let scale = units.first(where: { $0.0 == unit })?.1 else { return nil }
      total += number * scale
    }
    guard total < 0x1p63 else { return nil }
    return .nanoseconds(Int64(sign * total))
  }

  /// A decimal with digits on at least one side of an optional point.
  private static func number(_ digits: Substring) -> Double? {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.contains(where: { !$0.isEmpty }) else { return nil }
    return Double("0" + parts[0] + "." + (parts.count == 2 ? parts[1] : "") + "0")
  }
}
