import Kubernetes
import Synchronization

/// What a reconciler remembers of each set between passes; losing it costs one comparison and nothing else.
///
/// One small entry for each set of the cluster, removed with the set.
final class WorkloadMarks: Sendable {
  private struct Mark {
    var generation: Int?
    var marker: MarkerWait?
  }

  /// Since when a probe marker's generation waits to be observed.
  struct MarkerWait: Sendable, Equatable {
    let uid: String
    let generation: Int
    let since: Timestamp
    var wasReported: Bool
  }

  private let marks = Mutex<[NamespacedName: Mark]>([:])

  /// The generation of the workload that was last found, or made, to hold what the set wants.
  func generation(_ key: NamespacedName) -> Int? { marks.withLock { $0[key]?.generation } }

  /// Remembers a generation of the workload that needs no comparison.
  func remember(_ key: NamespacedName, generation: Int) {
    marks.withLock { $0[key, default: Mark()].generation = generation }
  }

  /// The wait for a marker's generation, begun now where it is a new one.
  func wait(_ key: NamespacedName, uid: String, generation: Int, now: Timestamp) -> MarkerWait {
    marks.withLock { marks in
      if let wait = marks[key]?.marker, wait.uid == uid, wait.generation == generation { return wait }
      let wait = MarkerWait(uid: uid, generation: generation, since: now, wasReported: false)
      marks[key, default: Mark()].marker = wait
      return wait
    }
  }

  /// Remembers that the users were told of a wait.
  func markReported(_ key: NamespacedName) { marks.withLock { $0[key]?.marker?.wasReported = true } }

  /// Forgets a set.
  func forget(_ key: NamespacedName) { _ = marks.withLock { $0.removeValue(forKey: key) } }
}
