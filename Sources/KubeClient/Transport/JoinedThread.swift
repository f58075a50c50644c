import Glibc

/// A thread that is always waited for.
///
/// It takes no signals: those belong to whoever runs the process, and SIGPIPE, which TLS writes can raise, must kill nobody.
@safe struct JoinedThread: ~Copyable, @unchecked Sendable {
  // Safe because a pthread_t is a number that any thread may join.
  private let thread: pthread_t

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread.
  init(_ run: @escaping @Sendable () -> Void) {
    let body = unsafe Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { context in
        guard let context = unsafe context else { return nil }
        let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_BLOCK, &all, nil)
        body.run()
        return nil
      }, body.toOpaque())
    precondition(status == 0, "no thread can be started")
    self.thread = thread
  }

  /// Waits for the end of the thread.
  ///
  /// Called on the thread itself, as happens when the last reference to its owner goes away there, it lets the thread end on its own.
  consuming func join() {
    if pthread_equal(pthread_self(), thread) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }
}
