import Synchronization

/// Wakes the one task that waits for the next delayed key, when an earlier one came.
final class Bell: Sendable {
  private enum State {
    case silent
    case rung
    case awaited(CheckedContinuation<Void, Never>)
  }

  private let state = Mutex(State.silent)

  /// Wakes who waits, or lets the next who comes pass.
  func ring() {
    let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
      guard case .awaited(let waiter) = state else {
        state = .rung
        return nil
      }
      state = .silent
      return waiter
    }
    waiter?.resume()
  }

  /// Waits for the bell, or for the task to be cancelled.
  func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let passes = state.withLock { state in
          switch state {
          case .rung:
            state = .silent
            return true
          case .silent:
            state = .awaited(continuation)
            return false
          case .awaited: preconditionFailure("one task waits for a bell")
          }
        }
        if passes { continuation.resume() }
      }
    } onCancel: {
      ring()
    }
  }

  /// Waits until a moment, where there is one, or for the bell, whichever is first.
  func wait(until moment: ContinuousClock.Instant?) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait() }
      if let moment { group.addTask { try? await Task.sleep(until: moment, clock: .continuous) } }
      await group.next()
      group.cancelAll()
    }
  }
}
