/// A budget for frames that cost the server work and the client nothing: pings, settings, resets, empty data.
///
/// Useful work earns: each call that is answered gives back what its own frames can cost. An honest client thus never runs
/// out, however fast it is (Go's client pings to measure the bandwidth with each batch of answers), while one that opens and
/// resets streams (CVE-2023-44487) or floods with settings (CVE-2019-9515) is told to calm down after some hundred frames.
/// nghttp2 has a bound of its own for resets of any stream: a thousand at once, and 33 a second.
struct FloodGuard: Sendable {
  /// What a client may do at once: the pings and settings of any start, and a burst of cancelled calls.
  static let capacity = 400.0
  /// What time gives back, a second: ten cancelled calls.
  static let refill = 40.0
  /// What a reset costs: a stream was opened for it.
  static let resetCost = 4.0

  private var budget = FloodGuard.capacity
  private var last: ContinuousClock.Instant

  init(now: ContinuousClock.Instant) {
    last = now
  }

  /// Pays for work; returns whether the client is within its budget.
  mutating func spend(_ cost: Double, now: ContinuousClock.Instant) -> Bool {
    guard cost > 0 else { return true }
    budget = min(Self.capacity, budget + Self.refill * (last.duration(to: now) / .seconds(1)))
    last = now
    budget -= cost
    return budget >= 0
  }

  /// Gives back for a call that was answered.
  mutating func earn() {
    budget = min(Self.capacity, budget + 2)
  }
}
