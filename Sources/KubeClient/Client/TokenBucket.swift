/// A rate limit: so many requests a second in the long run, so many at once after a pause.
///
/// Those who come too early are told how long to wait and have their token already, so that they go in the order of arrival.
struct TokenBucket: Sendable {
  /// Tokens that come back per second.
  let rate: Double
  /// Tokens that the bucket holds when it is full.
  let burst: Double
  /// Below zero, this many were promised to those who wait.
  private var tokens: Double
  private var filledAt: ContinuousClock.Instant

  /// A full bucket; a rate of zero or less means no limit.
  init(rate: Double, burst: Int, now: ContinuousClock.Instant) {
    self.rate = rate
    self.burst = Double(max(1, burst))
    tokens = self.burst
    filledAt = now
  }

  /// Takes a token and answers how long to wait before it may be used; nil where that exceeds `patience`, and nothing was taken.
  mutating func take(_ now: ContinuousClock.Instant, patience: Duration) -> Duration? {
    guard rate > 0 else { return .zero }
    let elapsed = max(0, filledAt.duration(to: now) / .seconds(1))
    tokens = min(burst, tokens + elapsed * rate)
    filledAt = max(filledAt, now)
    let wait = Duration.seconds(max(0, (1 - tokens) / rate))
    guard wait <= patience else { return nil }
    tokens -= 1
    return wait
  }
}
