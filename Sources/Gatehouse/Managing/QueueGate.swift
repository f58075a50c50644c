import Controllers
import Kubernetes
import Synchronization

/// Leads the keys of changes to the queue of the present term of leadership; there is none while another replica leads.
///
/// Observers of a store stay for good, queues come and go: this stands between them.
final class QueueGate: Sendable {
  private struct State {
    var queue: WorkQueue<NamespacedName>?
    var isFinished = false
  }

  private let state = Mutex(State())

  /// Hands keys on, where somebody takes them.
  ///
  /// - Parameter delay: how long more changes of the same keys are waited for; nil hands them on at once.
  func add(_ keys: [NamespacedName], after delay: Duration? = nil) {
    guard !keys.isEmpty, let queue = state.withLock({ $0.queue }) else { return }
    for key in keys {
      if let delay { queue.add(key, after: delay) } else { queue.add(key) }
    }
  }

  /// Leads keys to this queue from now on.
  func open(_ queue: WorkQueue<NamespacedName>) {
    let isFinished = state.withLock { state in
      state.queue = queue
      return state.isFinished
    }
    if isFinished { queue.close() }
  }

  /// Leads keys nowhere: the term is over.
  func shut() { state.withLock { $0.queue = nil } }

  /// Lets what waits be worked on and takes nothing more, now and in every later term.
  func finish() {
    let queue = state.withLock { state in
      state.isFinished = true
      return state.queue
    }
    queue?.close()
  }
}
