public import Kubernetes

/// How many replicas a set should have, with every number that led there.
public struct ScalingDecision: Sendable, Equatable {
  /// Which rule decided; in this order, the first that applies.
  public enum Step: Sendable, Equatable {
    /// Too few servers are free: so many are added. Scaling out goes before everything else.
    case refill(Int)
    /// So many servers are marked `WaitToBeDeleted` and go.
    case removeMarked(Int)
    /// More servers are free than may be: so many go.
    case trim(Int)
    /// Nothing changes.
    case keep
  }

  /// What was known.
  public let snapshot: SetSnapshot
  /// The window that is open.
  public let window: ScheduleWindow?
  /// How many servers count as free.
  public let free: Int
  /// How many servers were asked for that no controller has made yet; they will be free.
  public let coming: Int
  /// What `minAvailable` comes to.
  public let minAvailable: Int
  /// What the buffer of places for players comes to.
  public let playersMinimum: Int
  /// How many servers may be free.
  public let maximum: Int?
  /// Which rule decided.
  public let step: Step
  /// The number of replicas that is wanted: the metric's value, never negative.
  public let value: Int

  /// How many servers must be free: the larger of both minimums, and no more than may be.
  public var minimum: Int { min(max(minAvailable, playersMinimum), maximum ?? .max) }

  /// Decides.
  public init(_ trigger: Trigger, _ snapshot: SetSnapshot, at time: Timestamp) {
    let counts = snapshot.counts
    self.snapshot = snapshot
    window = trigger.schedule?.window(at: time)
    free = trigger.readyOnly ? counts.none - counts.unusable : counts.none
    coming = Self.coming(snapshot)
    minAvailable = (window?.minAvailable ?? trigger.minAvailable).minimum(total: counts.total, free: free)
    playersMinimum = trigger.players?.minimum(free: free, freeSlots: snapshot.freeSlots) ?? 0
    maximum = window?.maxAvailable ?? trigger.maxAvailable
    let minimum = min(max(minAvailable, playersMinimum), maximum ?? .max)
    step = Self.step(minimum: minimum, maximum: maximum, free: free, coming: coming, waiting: counts.waiting)
    let change =
      switch step {
      case .refill(let count): count
      case .removeMarked(let count), .trim(let count): -count
      case .keep: 0
      }
    // Fewer replicas may be wanted already than servers are still there.
    value = max(0, snapshot.set.replicas + change)
  }

  /// Servers between `spec.replicas` and what the controller has reported and the store shows.
  ///
  /// Without them the same shortage would be answered again at every poll until the pods exist, and without end while a
  /// quota keeps them from being made. A set without a status has no controller to wait for.
  private static func coming(_ snapshot: SetSnapshot) -> Int {
    guard let current = snapshot.set.currentReplicas else { return 0 }
    return max(0, snapshot.set.replicas - max(snapshot.counts.total, current))
  }

  private static func step(minimum: Int, maximum: Int?, free: Int, coming: Int, waiting: Int) -> Step {
    if free < minimum {
      let missing = minimum - free - coming
      return missing > 0 ? .refill(missing) : .keep
    }
    if waiting > 0 { return .removeMarked(waiting) }
    if let maximum, free > maximum { return .trim(free - maximum) }
    return .keep
  }
}
