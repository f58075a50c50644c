import CCurl
import Synchronization

/// Sends requests to one API server over as few connections as it can, on a thread of its own.
///
/// Nothing of it runs on the cooperative pool: tasks wait in continuations that the thread resumes. The thread ends with ``shutDown()``,
/// or with the last reference, and is joined.
final class Transport: Sendable {
  fileprivate let mailbox = Mailbox()
  private let thread: Mutex<JoinedThread?>

  /// Starts the thread; nothing is connected yet.
  ///
  /// - Parameter rest: How long what happens is gathered, so that much that happens wakes few. Each request may take twice as long more.
  init(_ endpoint: Endpoint, rest: Duration = .zero) {
    CurlLibrary.start()
    let mailbox = mailbox
    thread = Mutex(
      JoinedThread {
        var loop = TransferLoop(endpoint, mailbox, rest: rest)
        loop.run()
      })
  }

  deinit { shutDown() }

  /// Ends what is in flight with ``TransferFailure/Code/shutDown`` and waits for the end of the thread; later requests fail.
  func shutDown() {
    mailbox.post(.stop)
    thread.withLock { $0.take() }?.join()
  }

  /// Sends a request and waits for the whole answer; a cancelled task ends the transfer.
  func perform(_ call: HTTPCall) async -> Result<HTTPAnswer, TransferFailure> {
    let answer = WholeAnswer(limit: call.answerLimit)
    let number = mailbox.start(call, answer)
    if call.deadline?.outlivesTask == true { return await answer.outcome() }
    return await withTaskCancellationHandler {
      await answer.outcome()
    } onCancel: {
      mailbox.post(.cancel(number))
    }
  }

  /// Sends a request whose answer is read line by line as it comes.
  func stream(_ call: HTTPCall) -> RunningStream {
    let lines = LineStream()
    return RunningStream(lines: lines, number: mailbox.start(call, lines), transport: self)
  }
}

/// A stream in flight, which ends with the value that its one reader holds.
struct RunningStream: ~Copyable, Sendable {
  fileprivate let lines: LineStream
  fileprivate let number: UInt64
  /// Keeps the thread running.
  fileprivate let transport: Transport

  deinit { transport.mailbox.post(.cancel(number)) }

  /// Waits for the next step; a cancelled task ends the stream.
  func next() async -> LineStream.Step {
    let (mailbox, number) = (transport.mailbox, number)
    return await withTaskCancellationHandler {
      await lines.next { mailbox.post(.resume(number)) }
    } onCancel: {
      mailbox.post(.cancel(number))
    }
  }
}

/// curl's process-wide state.
enum CurlLibrary {
  private static let started: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  /// Initialises the library at the first call; it stays so until the process ends.
  static func start() {
    precondition(started == CURLE_OK, "libcurl cannot be initialised")
  }
}
