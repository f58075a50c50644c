import Synchronization

/// What other threads ask of the transport's thread.
///
/// Its length is bounded by its posters: one start, one cancellation and one pending resume for each request that some task waits for.
final class Mailbox: Sendable {
  enum Letter {
    case start(UInt64, HTTPCall, any TransferSink)
    case cancel(UInt64)
    case resume(UInt64)
    case stop
  }

  private struct State {
    var letters: [Letter] = []
    var lastNumber: UInt64 = 0
    /// Whether the thread waits, or is about to, and has to be woken.
    var isAwaited = false
    var isClosed = false

    /// Adds a letter; answers whether the thread has to be woken for it.
    mutating func add(_ letter: Letter) -> Bool {
      letters.append(letter)
      defer { isAwaited = false }
      return isAwaited
    }
  }

  /// Ends the thread's wait.
  let wake = WakePipe()
  private let state = Mutex(State())

  /// Asks for a transfer and answers the number by which it can be cancelled.
  func start(_ call: HTTPCall, _ sink: any TransferSink) -> UInt64 {
    let posted = state.withLock { (state) -> (number: UInt64, wakes: Bool)? in
      guard !state.isClosed else { return nil }
      state.lastNumber += 1
      return (state.lastNumber, state.add(.start(state.lastNumber, call, sink)))
    }
    guard let posted else {
      sink.finished(TransferFailure(.shutDown, "the client was shut down"))
      return 0
    }
    if posted.wakes { wake.wake() }
    return posted.number
  }

  /// Posts anything else; nothing happens once the loop has ended.
  func post(_ letter: Letter) {
    let wakes = state.withLock { $0.isClosed ? false : $0.add(letter) }
    if wakes { wake.wake() }
  }

  /// Empties the box.
  func takeAll() -> [Letter] {
    state.withLock { state in
      state.isAwaited = false
      defer { state.letters = [] }
      return state.letters
    }
  }

  /// Whether the thread may wait because the box is empty; the next letter then wakes it.
  func awaitLetters() -> Bool {
    state.withLock { state in
      state.isAwaited = state.letters.isEmpty
      return state.isAwaited
    }
  }

  /// Closes the box for good and answers what was still in it.
  func close() -> [Letter] {
    state.withLock { state in
      state.isClosed = true
      defer { state.letters = [] }
      return state.letters
    }
  }
}
