public import Kubernetes
import Synchronization

/// The keys that a controller has to look at: those that a change brought up, and those whose time has come.
///
/// A key is up once and waits once, whatever happens to it; the heap behind the times may hold as many outdated entries as there were
/// earlier moments for a key, and each of them goes when its moment passes.
public final class KeyTimers: Sendable {
  private struct State {
    var dirty: Set<NamespacedName> = []
    var due: [NamespacedName: Timestamp] = [:]
    var heap = MomentHeap()
  }

  private let state = Mutex(State())

  /// No keys.
  public init() {}

  /// Brings a key up for the next pass.
  public func mark(_ key: NamespacedName) { state.withLock { _ = $0.dirty.insert(key) } }

  /// Brings a key up at a moment, or earlier where it was to come up earlier.
  public func mark(_ key: NamespacedName, at moment: Timestamp) {
    state.withLock { state in
      if let earlier = state.due[key], earlier <= moment { return }
      state.due[key] = moment
      state.heap.push(moment, key)
    }
  }

  /// Takes the keys that are up at a moment, in order.
  public func take(now: Timestamp) -> [NamespacedName] {
    state.withLock { state in
      while let (moment, key) = state.heap.first, moment <= now {
        state.heap.pop()
        guard state.due[key] == moment else { continue }
        state.due[key] = nil
        state.dirty.insert(key)
      }
      defer { state.dirty = [] }
      return state.dirty.sorted()
    }
  }

  /// The earliest moment at which a key comes up; nil where none waits.
  public var next: Timestamp? {
    state.withLock { state in
      while let (moment, key) = state.heap.first {
        if state.due[key] == moment { return moment }
        state.heap.pop()
      }
      return nil
    }
  }
}

/// Moments in a binary heap, the earliest first.
private struct MomentHeap {
  private var entries: [(moment: Timestamp, key: NamespacedName)] = []

  var first: (moment: Timestamp, key: NamespacedName)? { entries.first }

  mutating func push(_ moment: Timestamp, _ key: NamespacedName) {
    entries.append((moment, key))
    var place = entries.count - 1
    while place > 0, entries[place].moment < entries[(place - 1) / 2].moment {
      entries.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func pop() {
    guard let last = entries.popLast(), !entries.isEmpty else { return }
    entries[0] = last
    var place = 0
    while 2 * place + 1 < entries.count {
      var child = 2 * place + 1
      if child + 1 < entries.count, entries[child + 1].moment < entries[child].moment { child += 1 }
      guard entries[child].moment < entries[place].moment else { return }
      entries.swapAt(place, child)
      place = child
    }
  }
}
