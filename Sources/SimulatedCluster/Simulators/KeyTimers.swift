public import Kubernetes
import Synchronization

/// The keys that a controller has to look at: those that a change brought up, and those whose time has come.
///
/// A key is held once in each of the two, so memory grows with the objects and not with their changes.
public final class KeyTimers: Sendable {
  private struct State {
    var dirty: Set<NamespacedName> = []
    var due: [NamespacedName: Timestamp] = [:]
  }

  private let state = Mutex(State())

  /// No keys.
  public init() {}

  /// Brings a key up for the next pass.
  public func mark(_ key: NamespacedName) { state.withLock { _ = $0.dirty.insert(key) } }

  /// Brings a key up at a moment, or earlier where it was to come up earlier.
  public func mark(_ key: NamespacedName, at moment: Timestamp) {
    state.withLock { state in state.due[key] = state.due[key].map { min($0, moment) } ?? moment }
  }

  /// Takes the keys that are up at a moment, in order.
  public func take(now: Timestamp) -> [NamespacedName] {
    state.withLock { state in
      let late = state.due.filter { $0.value <= now }.keys
      for key in late { state.due[key] = nil }
      defer { state.dirty = [] }
      return state.dirty.union(late).sorted()
    }
  }

  /// The earliest moment at which a key comes up; nil where none waits.
  public var next: Timestamp? { state.withLock { $0.due.values.min() } }
}
