public import Kubernetes
import Synchronization

/// The time of a simulated cluster.
public protocol ClusterClock: Sendable {
  /// The moment it is in the cluster.
  func now() -> Timestamp
}

/// Wall-clock time, faster or slower by a factor.
public struct ScaledClock: ClusterClock {
  private let start: Timestamp
  private let began: ContinuousClock.Instant
  private let speed: Double

  /// Time that begins now and passes `speed` times as fast as outside.
  public init(speed: Double = 1) {
    start = Timestamp.now()
    began = ContinuousClock.now
    self.speed = speed
  }

  /// The moment it is in the cluster.
  public func now() -> Timestamp { start + (ContinuousClock.now - began) * speed }
}

/// Time that stands still until it is moved on, so that an hour of cluster life takes as long as the work in it.
public final class ManualClusterClock: ClusterClock {
  private let time: Mutex<Timestamp>

  /// Time that stands at a moment; the default is an arbitrary one.
  public init(_ start: Timestamp = Timestamp(seconds: 1_800_000_000)) { time = Mutex(start) }

  /// The moment it is in the cluster.
  public func now() -> Timestamp { time.withLock { $0 } }

  /// Moves time on to a moment; nothing happens where it has passed.
  public func advance(to moment: Timestamp) { time.withLock { $0 = max($0, moment) } }
}
