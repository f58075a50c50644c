/// How long to wait after failures in a row: doubling, bounded, and spread so that many clients do not come back together.
public struct BackOff: Sendable, Equatable {
  /// The wait after the first failure.
  public let first: Duration
  /// The longest wait.
  public let longest: Duration
  /// Failures since the last success.
  public private(set) var failures = 0

  /// Describes a back-off.
  public init(first: Duration, longest: Duration) {
    self.first = first
    self.longest = longest
  }

  /// Counts a failure and answers how long to wait: between half and all of the doubled time, by `random` in 0..<1.
  public mutating func fail(random: Double) -> Duration {
    // Beyond 2^20 of anything the longest wait is long reached.
    let doubled = first * (1 << min(failures, 20))
    failures += 1
    return min(doubled, longest) * (0.5 + random / 2)
  }

  /// Counts a success.
  public mutating func succeed() { failures = 0 }
}
