import Synchronization

/// A clock that stands still until the test advances it.
///
/// State machines take the time as an argument: give them `clock.now`, or `clock.continuousNow` where the code under
/// test speaks of `ContinuousClock`. Code that sleeps on a `Clock` wakes when ``advance(by:)`` passes its deadline.
public final class ManualClock: Clock, Sendable {
  /// A moment: the time since the clock was made.
  public struct Instant: InstantProtocol, Sendable {
    /// Time since the clock was made.
    public let elapsed: Duration

    /// The moment `duration` later.
    public func advanced(by duration: Duration) -> Instant {
      Instant(elapsed: elapsed + duration)
    }

    /// How much later `other` is.
    public func duration(to other: Instant) -> Duration {
      other.elapsed - elapsed
    }

    /// Orders moments from early to late.
    public static func < (left: Instant, right: Instant) -> Bool {
      left.elapsed < right.elapsed
    }
  }

  private struct Sleeper {
    let deadline: Instant
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Instant(elapsed: .zero)
    var sleepers: [UInt64: Sleeper] = [:]
    var nextSleeper: UInt64 = 0
    var cancelled: Set<UInt64> = []
  }

  private let origin = ContinuousClock.now
  private let state = Mutex(State())

  /// Creates a clock that shows zero.
  public init() {}

  /// The moment that the clock shows.
  public var now: Instant {
    state.withLock { $0.now }
  }

  /// The same moment on the scale of `ContinuousClock`.
  public var continuousNow: ContinuousClock.Instant {
    origin.advanced(by: now.elapsed)
  }

  /// Zero: the clock shows exactly what it was set to.
  public var minimumResolution: Duration { .zero }

  /// How many tasks sleep on the clock now.
  public var sleeperCount: Int {
    state.withLock { $0.sleepers.count }
  }

  /// Moves the clock on and wakes whoever's deadline is reached, earliest first.
  public func advance(by duration: Duration) {
    precondition(duration >= .zero, "time does not go back")
    let due = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.deadline <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.sorted { $0.deadline < $1.deadline }
    }
    for sleeper in due { sleeper.continuation.resume() }
  }

  /// Suspends the task until the clock reaches `deadline`.
  ///
  /// - Throws: `CancellationError` when the task is cancelled first.
  public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let id = state.withLock { state in
      state.nextSleeper += 1
      return state.nextSleeper
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        enroll(Sleeper(deadline: deadline, continuation: continuation), as: id)
      }
    } onCancel: {
      cancel(id)
    }
  }

  private func enroll(_ sleeper: Sleeper, as id: UInt64) {
    let answer: Result<Void, any Error>? = state.withLock { state in
      if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
      if sleeper.deadline <= state.now { return .success(()) }
      state.sleepers[id] = sleeper
      return nil
    }
    if let answer { sleeper.continuation.resume(with: answer) }
  }

  private func cancel(_ id: UInt64) {
    let sleeper = state.withLock { state in
      let sleeper = state.sleepers.removeValue(forKey: id)
      // The task may be cancelled before it has enrolled.
      if sleeper == nil { state.cancelled.insert(id) }
      return sleeper
    }
    sleeper?.continuation.resume(throwing: CancellationError())
  }
}
