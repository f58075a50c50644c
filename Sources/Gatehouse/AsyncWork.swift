import EventLoop
import Synchronization

/// Runs asynchronous work from a command's plain `run()`.
enum AsyncWork {
  private final class Answer<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }

  /// What the body answers; Ctrl-C and SIGTERM cancel its task, and it still has to return.
  static func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) throws(SystemError) -> Value {
    // Signals first: threads inherit what their maker blocks.
    let loop = try EventLoop(name: "main")
    let answer = Answer<Value>()
    let task = Task {
      let value = await body()
      answer.value.withLock { $0 = value }
      loop.submit {}
    }
    let signals = try SignalWatcher([.terminate, .interrupt], on: loop) { _ in task.cancel() }
    defer { _ = consume signals }
    while true {
      if let value = answer.value.withLock({ $0 }) { return value }
      try loop.turn()
    }
  }
}
