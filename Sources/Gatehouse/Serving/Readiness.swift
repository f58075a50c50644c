import Synchronization

/// Whether reviews are welcome: every condition of it holds.
final class Readiness: Sendable {
  /// What has to hold, in the order in which it comes about.
  enum Condition: String, Sendable, CaseIterable {
    /// The first complete lists of the watched resources have arrived.
    case stores = "the stores have not synced yet"
    /// The HTTPS port takes reviews, and the process is not on its way to the end.
    case reviews = "reviews are not served"
  }

  private let missing: Mutex<Set<Condition>>

  /// Nothing holds yet of these.
  init(_ conditions: Set<Condition>) { missing = Mutex(conditions) }

  /// Says whether a condition holds from now on.
  func set(_ condition: Condition, _ holds: Bool) {
    missing.withLock { if holds { $0.remove(condition) } else { $0.insert(condition) } }
  }

  /// What does not hold, for people; empty where everything does.
  var reasons: [String] {
    let missing = missing.withLock { $0 }
    return Condition.allCases.filter(missing.contains).map(\.rawValue)
  }
}
