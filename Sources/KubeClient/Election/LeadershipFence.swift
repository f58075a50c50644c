import Synchronization

/// Says whether this process may write as the leader at this moment.
///
/// The clock goes on while the machine sleeps or the process is stopped, so a leader that wakes up late finds the fence closed.
public final class LeadershipFence: Sendable {
  private let limits = Mutex<RequestDeadline?>(nil)

  /// A closed fence.
  public init() {}

  /// Whether a write may begin.
  public var isOpen: Bool { deadline != nil }

  /// When writes must begin and end; nil while the fence is closed.
  var deadline: RequestDeadline? {
    let now = ContinuousClock.now
    return limits.withLock { limits in limits.flatMap { now < $0.start ? $0 : nil } }
  }

  /// Opens the fence after a renewal that was begun at that moment.
  func open(renewedAt: ContinuousClock.Instant, _ timing: ElectionTiming) {
    let deadline = RequestDeadline(start: renewedAt + timing.renewDeadline, end: renewedAt + timing.leaseDuration)
    limits.withLock { $0 = deadline }
  }

  /// Closes the fence.
  func close() { limits.withLock { $0 = nil } }
}
