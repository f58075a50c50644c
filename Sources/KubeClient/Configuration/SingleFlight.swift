import Synchronization

/// Lets tasks that want the same thing at the same time share one making of it.
final class SingleFlight<Value: Sendable>: Sendable {
  private enum State {
    case idle
    case running(waiters: [CheckedContinuation<Value?, Never>])
  }

  private let state = Mutex(State.idle)

  /// The value of `make`, run by the first of those who come together; it is not cancelled with any of them.
  func run(_ make: () async -> Value) async -> Value {
    // Ends at the latest when this task is the first.
    while true {
      let isFirst = state.withLock { state in
        guard case .idle = state else { return false }
        state = .running(waiters: [])
        return true
      }
      if isFirst { break }
      if let value = await join() { return value }
    }
    let value = await make()
    let waiters = state.withLock { state in
      defer { state = .idle }
      guard case .running(let waiters) = state else { return [CheckedContinuation<Value?, Never>]() }
      return waiters
    }
    for waiter in waiters { waiter.resume(returning: value) }
    return value
  }

  /// Waits for the one that runs; nil where it has ended meanwhile.
  private func join() async -> Value? {
    await withCheckedContinuation { continuation in
      let waits = state.withLock { state in
        guard case .running(let waiters) = state else { return false }
        state = .running(waiters: waiters + [continuation])
        return true
      }
      if !waits { continuation.resume(returning: nil) }
    }
  }
}
