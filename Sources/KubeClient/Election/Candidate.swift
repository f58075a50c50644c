import Kubernetes
import Telemetry

/// A candidate's part in a leader election: what it knows of the lease, and what it does next.
///
/// Synchronous and without a clock. Others' clocks are never compared with one's own: a lease counts as abandoned when this candidate has
/// seen no change of it for its duration, by its own monotonic clock. A leader counts its own time from *before* it sent the renewal, the
/// others from after they saw it, so the leader always ends first.
struct Candidate: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// What is to be done.
  enum Step: Sendable, Equatable {
    /// Read the lease.
    case read
    /// Create it.
    case create(LeaseRecord)
    /// Change it, if it still has this version.
    case update(LeaseRecord, version: String)
    /// Do nothing for a while.
    case wait(Duration)
    /// Stop leading now.
    case lost
  }

  /// Whether this candidate leads.
  enum Role: Sendable, Equatable {
    case follower
    /// The time is that at which the last successful write was begun.
    case leader(renewedAt: Instant)
  }

  private enum Turn: Sendable {
    case read
    case write
    case rest(until: Instant, thenRead: Bool)
  }

  private struct Known: Sendable {
    let record: LeaseRecord
    let version: String
    /// When this candidate first saw the record as it is.
    let seenAt: Instant
  }

  let identity: String
  let timing: ElectionTiming
  private(set) var role = Role.follower
  private var turn = Turn.read
  private var known: Known?
  private var wasDeposed = false

  init(identity: String, timing: ElectionTiming) {
    self.identity = identity
    self.timing = timing
  }

  /// Who holds the lease as far as this candidate knows; empty: nobody.
  var holder: String { known?.record.holder ?? "" }

  /// What is to be done now; `random` is in 0..<1 and keeps followers from coming all at once.
  mutating func next(_ now: Instant, _ wall: WallTime, random: Double) -> Step {
    if wasDeposed || isOverdue(now) {
      wasDeposed = false
      role = .follower
      turn = .read
      return .lost
    }
    switch turn {
    case .read: return .read
    case .write: return write(now, wall, random)
    case .rest(let until, let thenRead):
      guard now >= until else { return .wait(now.duration(to: min(until, deadline ?? until))) }
      turn = thenRead ? .read : .write
      return next(now, wall, random: random)
    }
  }

  /// The lease was read; nil where there is none.
  mutating func read(_ record: LeaseRecord?, version: String, _ now: Instant) {
    turn = .write
    guard let record else {
      known = nil
      return
    }
    let seenAt = known.flatMap { $0.record == record ? $0.seenAt : nil } ?? now
    known = Known(record: record, version: version, seenAt: seenAt)
    if case .leader = role, record.holder != identity { wasDeposed = true }
  }

  /// The lease was written, with a call that began at `start`.
  mutating func wrote(_ record: LeaseRecord, version: String, startedAt start: Instant, _ now: Instant) {
    known = Known(record: record, version: version, seenAt: now)
    role = .leader(renewedAt: start)
    turn = .rest(until: now + timing.retryPeriod, thenRead: false)
  }

  /// Reading or writing failed; whether a write took effect is then unknown, so the lease is read before the next.
  mutating func failed(_ now: Instant, random: Double) {
    turn = .rest(until: now + pause(random), thenRead: true)
  }

  /// The record with which a leader gives up, so that the next need not wait; nil for a follower.
  func resignation(_ wall: WallTime) -> (record: LeaseRecord, version: String)? {
    guard case .leader = role, let known else { return nil }
    var record = known.record
    record.holder = ""
    // The least that the field takes.
    record.duration = .seconds(1)
    record.renewTime = wall.kubernetesMicroTime
    return (record, known.version)
  }

  private mutating func write(_ now: Instant, _ wall: WallTime, _ random: Double) -> Step {
    let time = wall.kubernetesMicroTime
    guard let known else {
      return .create(
        LeaseRecord(
          holder: identity, duration: timing.leaseDuration, acquireTime: time, renewTime: time, transitions: 0))
    }
    var record = known.record
    if record.holder != identity {
      guard record.holder.isEmpty || now >= known.seenAt + lifetime(record) else {
        turn = .rest(until: now + pause(random), thenRead: true)
        return next(now, wall, random: random)
      }
      record.acquireTime = time
      record.transitions += 1
    }
    record.holder = identity
    record.duration = timing.leaseDuration
    record.renewTime = time
    return .update(record, version: known.version)
  }

  /// How long a record holds without a renewal; one without a duration is taken for one of this candidate's own kind.
  private func lifetime(_ record: LeaseRecord) -> Duration {
    record.duration > .zero ? record.duration : timing.leaseDuration
  }

  /// When a leader without a renewal stops.
  private var deadline: Instant? {
    guard case .leader(let renewedAt) = role else { return nil }
    return renewedAt + timing.renewDeadline
  }

  private func isOverdue(_ now: Instant) -> Bool { deadline.map { now >= $0 } ?? false }

  /// A leader keeps to its period; followers spread over as much again.
  private func pause(_ random: Double) -> Duration {
    role == .follower ? timing.retryPeriod * (1 + random) : timing.retryPeriod
  }
}
