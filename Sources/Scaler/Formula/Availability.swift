/// How many servers must be free for players, as `minAvailable` gives it.
public enum Availability: Sendable, Equatable {
  /// The largest number that is taken: a hundred times the largest known set.
  public static let limit = 1_000_000

  /// So many servers.
  case servers(Int)
  /// This share of all servers after scaling, above 0 and below 1.
  case share(Double)

  /// Reads a number of servers (fractions round up), a share between 0 and 1, or a percentage between 0 and 100.
  ///
  /// `1` and `1.0` are one server; all servers cannot be free while any is in use, so `100%` is refused.
  /// - Throws: A `TriggerError` that names the key and what is accepted.
  public init(_ text: String, key: String) throws(TriggerError) {
    let isPercentage = text.hasSuffix("%")
    guard let number = Decimals.parse(isPercentage ? String(text.dropLast()) : text) else {
      throw TriggerError(key, text, "a number of servers, a share such as 0.3, or a percentage such as 30%")
    }
    guard number >= 0 else {
      throw TriggerError(
        key, text, "a number, but invalid min number: must be greater than 0 or a valid percentage between 0 and 1")
    }
    if isPercentage {
      guard number < 100 else { throw TriggerError(key, text, "a percentage below 100%") }
      self = number == 0 ? .servers(0) : .share(number / 100)
    } else if number > 0, number < 1 {
      self = .share(number)
    } else {
      guard number <= Double(Self.limit) else { throw TriggerError(key, text, "at most \(Self.limit) servers") }
      self = .servers(Int(number.rounded(.up)))
    }
  }

  /// How many of the servers must be free so that the rule holds after scaling.
  ///
  /// Adding x servers to t of which f are free makes (f + x) / (t + x) of them free, hence x = (t·n − f) / (1 − n) for a
  /// share n. Two decimals are kept before rounding up, so that 3 / 0.2 is 15 and not 16.
  public func minimum(total: Int, free: Int) -> Int {
    switch self {
    case .servers(let count): return count
    case .share(let share):
      let missing = (Double(total) * share - Double(free)) / (1 - share)
      guard missing > 0 else { return 0 }
      let rounded = ((missing * 100).rounded() / 100).rounded(.up)
      return free + Int(min(rounded, Double(Self.limit)))
    }
  }

  /// Whether any server has to be free.
  public var isPositive: Bool { self != .servers(0) }
}

/// Plain decimal numbers, as people write them in trigger metadata.
enum Decimals {
  /// Reads digits with an optional sign, point and exponent; nil for anything else, such as `inf`, `nan` or `0x1p3`.
  static func parse(_ text: String) -> Double? {
    let isPlain = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
    }
    guard isPlain, text.utf8.count <= 32, let number = Double(text), number.isFinite else { return nil }
    return number
  }
}
