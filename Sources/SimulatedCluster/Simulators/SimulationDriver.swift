import Kubernetes

/// Runs the parts of a simulated cluster to a standstill, and time from one event to the next.
///
/// With a manual clock a minute of cluster life costs what happens in it: nothing sleeps and nothing is left to chance.
public struct SimulationDriver: Sendable {
  private let clock: ManualClusterClock
  private let feeds: [StoreFeed]
  private let controllers: [any SimulatedController]

  /// A cluster that has not settled.
  public struct Unsettled: Error, Sendable, CustomStringConvertible {
    /// What kept changing.
    public let description: String
  }

  /// A driver of these parts, in this order.
  public init(clock: ManualClusterClock, feeds: [StoreFeed], controllers: [any SimulatedController]) {
    self.clock = clock
    self.feeds = feeds
    self.controllers = controllers
  }

  /// Runs passes until nothing changes at this moment.
  ///
  /// - Throws: ``Unsettled`` after 10,000 passes: two controllers that undo each other's work would never end.
  public func settle() async throws(Unsettled) {
    var busy = ""
    for _ in 0..<10_000 {
      var isChanged = false
      for feed in feeds where feed.pump() { isChanged = true }
      for controller in controllers {
        guard await controller.step(now: clock.now()) else { continue }
        isChanged = true
        busy = controller.name
        for feed in feeds { feed.pump() }
      }
      guard isChanged else { return }
    }
    throw Unsettled(description: "the cluster did not settle; \(busy) changed something last")
  }

  /// Lets time pass, stopping at every moment at which something falls due.
  public func run(for duration: Duration) async throws(Unsettled) {
    let end = clock.now() + duration
    try await settle()
    while let due = controllers.compactMap(\.nextDue).min(), due <= end {
      clock.advance(to: due)
      try await settle()
    }
    clock.advance(to: end)
    try await settle()
  }
}
