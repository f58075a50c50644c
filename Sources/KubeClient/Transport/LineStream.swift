import Synchronization

/// The lines of an answer that goes on for long, as a watch does: bounded, with one reader.
///
/// Where the reader is slow the transfer pauses, and the server's own buffers fill; nothing is dropped.
final class LineStream: TransferSink {
  /// What the reader gets.
  enum Step: Sendable {
    /// The server accepted: lines will follow.
    case opened
    /// Lines in order, at least one.
    case lines([LineSplitter.Line])
    /// The server refused; the head and the body say why.
    case refused(HTTPAnswer)
    /// The stream is over; nil when the server ended it in order.
    case ended(TransferFailure?)
  }

  private enum Phase {
    case opening
    case streaming
    case refused(ResponseHead, [UInt8])
    case over(Step)
  }

  private struct State {
    var phase = Phase.opening
    var splitter = LineSplitter()
    var lines: [LineSplitter.Line] = []
    var byteCount = 0
    var hasOpened = false
    var isPaused = false
    var waiter: CheckedContinuation<Step, Never>?

    /// The next thing for the reader: the opening, then all lines there are, then the end.
    mutating func take() -> Step? {
      if hasOpened {
        hasOpened = false
        return .opened
      }
      if !lines.isEmpty {
        defer { lines = [] }
        byteCount = 0
        return .lines(lines)
      }
      // Of a line that is not complete only the splitter knows; it does not count, or a long one would pause itself for ever.
      byteCount = 0
      if case .over(let step) = phase { return step }
      return nil
    }
  }

  /// Bytes of unread lines at which the transfer pauses: room for one line of the greatest length and as much again.
  static let highWater = 16 << 20
  /// Bytes of an error's body that are kept: a `Status` has a few hundred.
  static let errorLimit = 64 << 10

  private let state = Mutex(State())

  func received(_ head: ResponseHead) {
    deliver { state in
      if head.status < 300 {
        state.phase = .streaming
        state.hasOpened = true
      } else {
        state.phase = .refused(head, [])
      }
    }
  }

  func received(_ bytes: Span<UInt8>) -> TransferFlow {
    deliver { state in
      switch state.phase {
      case .opening, .over: return .stop
      case .refused(let head, var body):
        let count = min(bytes.count, Self.errorLimit - body.count)
        unsafe bytes.extracting(first: count).withUnsafeBufferPointer { unsafe body.append(contentsOf: $0) }
        state.phase = .refused(head, body)
        return .goOn
      case .streaming:
        guard state.byteCount < Self.highWater else {
          state.isPaused = true
          return .pause
        }
        state.byteCount += bytes.count
        state.lines.append(contentsOf: state.splitter.take(bytes))
        return .goOn
      }
    }
  }

  func finished(_ failure: TransferFailure?) {
    deliver { state in
      if case .refused(let head, let body) = state.phase, failure == nil {
        state.phase = .over(.refused(HTTPAnswer(head: head, body: body)))
      } else {
        state.phase = .over(.ended(failure))
      }
    }
  }

  /// Waits for the next step; `resume` is called when a paused transfer may go on.
  func next(resume: () -> Void) async -> Step {
    await withCheckedContinuation { continuation in
      let (step, wasPaused) = state.withLock { state in
        precondition(state.waiter == nil, "a stream has one reader")
        let step = state.take()
        if step == nil { state.waiter = continuation }
        defer { state.isPaused = false }
        return (step, state.isPaused)
      }
      if wasPaused { resume() }
      if let step { continuation.resume(returning: step) }
    }
  }

  /// Changes the state and wakes the reader where there is something for it now.
  private func deliver<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
    let (result, waiter, step) = state.withLock { state in
      let result = change(&state)
      guard let waiter = state.waiter, let step = state.take() else {
        return (result, nil as CheckedContinuation<Step, Never>?, nil as Step?)
      }
      state.waiter = nil
      return (result, waiter, step)
    }
    if let waiter, let step { waiter.resume(returning: step) }
    return result
  }
}
