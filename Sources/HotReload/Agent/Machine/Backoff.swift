/// How long to wait before another try: twice as long each time, up to a limit.
struct Backoff: Sendable {
  let first: Duration
  let limit: Duration

  /// A second at first, because kubelet's and the game's own steps take about that long; a minute at most, so that a
  /// game that comes back is told within one.
  static let standard = Backoff(first: .seconds(1), limit: .seconds(60))

  /// The wait after a number of failures, of which there was at least one.
  func delay(afterFailures count: Int) -> Duration {
    // Past 16 doublings any first wait has reached any sensible limit, and the shift cannot overflow.
    min(first * (1 << min(max(count - 1, 0), 16)), limit)
  }
}
