import EventLoop
import Synchronization

/// A call that blocks its thread, on a thread of its own, so that no task holds a thread of the pool meanwhile.
enum BlockingCall {
  /// Runs the body and waits for it without blocking.
  static func run(_ body: @escaping @Sendable () -> Void) async {
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    let thread: LoopThread
    do {
      thread = try LoopThread(name: "blocking") {
        body()
        end.finish()
      }
    } catch {
      // Without room for a thread, a thread of the pool has to do.
      body()
      return
    }
    for await _ in ends {}
    // The body has returned: this waits for no more than the thread's last instructions.
    thread.join()
  }
}
