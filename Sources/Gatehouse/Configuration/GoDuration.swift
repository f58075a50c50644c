extension Duration {
  /// Reads a duration as Go writes it: numbers with units, such as `10h`, `1h15m30s` or `1.5s`.
  ///
  /// The units are ns, us (or µs), ms, s, m and h; nil for anything else, and for what is longer than a hundred years.
  init?(goDuration text: String) {
    var rest = text[...]
    let isNegative = rest.first == "-"
    if isNegative || rest.first == "+" { rest.removeFirst() }
    guard rest != "0" else {
      self = .zero
      return
    }
    guard !rest.isEmpty else { return nil }
    var seconds = 0.0
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest[number.endIndex...]
      let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
      rest = rest[unit.endIndex...]
      guard let count = Double(number), let length = Self.goUnits[String(unit)] else { return nil }
      seconds += count * length
    }
    guard seconds < 3_155_760_000 else { return nil }
    self = .seconds(isNegative ? -seconds : seconds)
  }

  /// The units in seconds; both characters that stand for micro are in use.
  private static let goUnits: [String: Double] = [
    "ns": 1e-9, "us": 1e-6, "\u{B5}s": 1e-6, "\u{3BC}s": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600,
  ]
}
