import Synchronization

/// Collects an answer in memory and hands it to the one task that waits for it.
final class WholeAnswer: TransferSink {
  typealias Outcome = Result<HTTPAnswer, TransferFailure>

  private enum State {
    case collecting(ResponseHead, [UInt8], waiter: CheckedContinuation<Outcome, Never>?)
    case finished(Outcome)
    case handedOver
  }

  /// Bytes of the largest answer.
  ///
  /// A page of 500 objects at etcd's limit of 1.5 MiB each could be larger, but no list of a living cluster comes near:
  /// 10,000 pods of 12 KiB in one unpaged list are 120 MB.
  static let limit = 256 << 20

  private let state = Mutex(State.collecting(ResponseHead(), [], waiter: nil))
  private let limit: Int

  init(limit: Int = WholeAnswer.limit) { self.limit = limit }

  func received(_ head: ResponseHead) {
    state.withLock { state in
      guard case .collecting(_, let bytes, let waiter) = state else { return }
      state = .collecting(head, bytes, waiter: waiter)
    }
  }

  func received(trailersIn head: ResponseHead) { received(head) }

  func received(_ bytes: Span<UInt8>) -> TransferFlow {
    state.withLock { state in
      guard case .collecting(let head, var collected, let waiter) = state else { return .stop }
      guard collected.count + bytes.count <= limit else { return .stop }
      // Taken out of the state, so that appending does not copy what is there.
      state = .handedOver
      unsafe bytes.withUnsafeBufferPointer { unsafe collected.append(contentsOf: $0) }
      state = .collecting(head, collected, waiter: waiter)
      return .goOn
    }
  }

  func finished(_ failure: TransferFailure?) {
    let (waiter, outcome): (CheckedContinuation<Outcome, Never>?, Outcome?) = state.withLock { state in
      guard case .collecting(let head, let bytes, let waiter) = state else { return (nil, nil) }
      let outcome: Outcome = failure.map(Result.failure) ?? .success(HTTPAnswer(head: head, body: bytes))
      state = waiter == nil ? .finished(outcome) : .handedOver
      return (waiter, outcome)
    }
    if let outcome { waiter?.resume(returning: outcome) }
  }

  /// Waits for the end; called once.
  func outcome() async -> Outcome {
    await withCheckedContinuation { continuation in
      let outcome: Outcome? = state.withLock { state in
        switch state {
        case .finished(let outcome):
          state = .handedOver
          return outcome
        case .collecting(let head, let bytes, nil):
          state = .collecting(head, bytes, waiter: continuation)
          return nil
        case .collecting, .handedOver: preconditionFailure("an answer is waited for once")
        }
      }
      if let outcome { continuation.resume(returning: outcome) }
    }
  }
}
