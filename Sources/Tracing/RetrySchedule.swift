/// When a request that failed is tried again; a value for each request, without a clock.
struct RetrySchedule {
  /// Tries of one request: with the waits between them about half a minute, in which a collector starts anew.
  static let tries = 5
  /// The first wait; each further one is twice as long.
  static let firstWait = Duration.seconds(2)

  private var failures = 0

  /// The wait before the next try, between half and all of what its turn has; nil where there is no next one.
  ///
  /// - Parameter random: 0 to 1, so that the replicas do not come all at once.
  mutating func next(random: Double) -> Duration? {
    failures += 1
    guard failures < Self.tries else { return nil }
    return Self.firstWait * (1 << (failures - 1)) * (0.5 + random / 2)
  }
}
