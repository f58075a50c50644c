/// The durations of a leader election.
public struct ElectionTiming: Sendable, Equatable {
  /// How long the others wait after a renewal that they saw, before one of them takes over.
  public let leaseDuration: Duration
  /// How long a leader that cannot renew goes on.
  ///
  /// The difference to ``leaseDuration`` is the time that its last write has to end.
  public let renewDeadline: Duration
  /// The time between two tries.
  public let retryPeriod: Duration

  /// What Kubernetes' own components use: 15 s, 10 s and 2 s.
  public static let standard = ElectionTiming(
    leaseDuration: .seconds(15), renewDeadline: .seconds(10), retryPeriod: .seconds(2))

  /// Describes an election; durations that make no sense together are a programmer's error.
  ///
  /// - Parameter leaseDuration: Whole seconds, at least one, because the lease stores no less.
  public init(leaseDuration: Duration, renewDeadline: Duration, retryPeriod: Duration) {
    precondition(leaseDuration >= .seconds(1), "a lease lasts for at least a second")
    precondition(leaseDuration > renewDeadline, "a leader stops before others take over")
    precondition(renewDeadline > retryPeriod, "a leader tries again before it stops")
    precondition(retryPeriod > .zero, "there is time between two tries")
    self.leaseDuration = leaseDuration
    self.renewDeadline = renewDeadline
    self.retryPeriod = retryPeriod
  }
}
