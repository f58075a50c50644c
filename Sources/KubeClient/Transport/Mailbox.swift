import CCurl
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
    /// The handle to wake; nil before the loop runs and after it ended.
    var multi: WakeableHandle?
    var isClosed = false

    func wake() { multi?.wake() }
  }

  private let state = Mutex(State())

  /// Asks for a transfer and answers the number by which it can be cancelled.
  func start(_ call: HTTPCall, _ sink: any TransferSink) -> UInt64 {
    let number = state.withLock { (state) -> UInt64? in
      guard !state.isClosed else { return nil }
      state.lastNumber += 1
      state.letters.append(.start(state.lastNumber, call, sink))
      state.wake()
      return state.lastNumber
    }
    guard let number else {
      sink.finished(TransferFailure(.shutDown, "the client was shut down"))
      return 0
    }
    return number
  }

  /// Posts anything else; nothing happens once the loop has ended.
  func post(_ letter: Letter) {
    state.withLock { state in
      guard !state.isClosed else { return }
      state.letters.append(letter)
      state.wake()
    }
  }

  /// Empties the box.
  func takeAll() -> [Letter] {
    state.withLock { state in
      defer { state.letters = [] }
      return state.letters
    }
  }

  /// Tells which handle is to be woken.
  func open(_ multi: WakeableHandle) { state.withLock { $0.multi = multi } }

  /// Closes the box for good and answers what was still in it.
  func close() -> [Letter] {
    state.withLock { state in
      state.isClosed = true
      state.multi = nil
      defer { state.letters = [] }
      return state.letters
    }
  }
}

/// curl's handle for many transfers, of which other threads may do one thing: wake whoever polls it.
@safe struct WakeableHandle: @unchecked Sendable {
  // Safe because curl_multi_wakeup is the one function of curl that may be called from any thread at any time.
  private let multi: UnsafeMutableRawPointer

  init(_ multi: UnsafeMutableRawPointer) { unsafe self.multi = unsafe multi }

  func wake() { unsafe _ = curl_multi_wakeup(multi) }
}
