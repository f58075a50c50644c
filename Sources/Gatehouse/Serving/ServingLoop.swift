import EventLoop
import Glibc
import Logging
import Synchronization

/// What runs on the main thread while servers serve: signals, timers, files to watch, and the way to the end.
///
/// Make it before any other thread starts, so that every thread leaves the signals to it.
final class ServingLoop {
  private enum State {
    case serving
    case draining
  }

  /// Says from any thread that everything has ended.
  final class End: Sendable {
    fileprivate let isSet = Atomic(false)
    private let loop: EventLoop

    fileprivate init(_ loop: EventLoop) { self.loop = loop }

    /// Lets ``ServingLoop/run(drain:hangUp:)`` return.
    func set() {
      isSet.store(true, ordering: .releasing)
      loop.submit {}
    }
  }

  /// The loop that file watches and timers belong to.
  let loop: EventLoop
  /// The way out of ``run(drain:hangUp:)``.
  let end: End
  private let logger: Logger
  private var signals: SignalWatcher?
  private var pending: [Signal] = []
  private var waiting: LoopThread?

  init(_ logger: Logger) throws(SystemError) {
    self.logger = logger
    loop = try EventLoop(name: "main")
    end = End(loop)
    signals = try SignalWatcher([.terminate, .interrupt, .hangUp], on: loop) { [weak self] in self?.pending.append($0) }
  }

  /// Runs until a signal asks for the end and the servers have finished what is in flight.
  ///
  /// On SIGTERM: readiness turns false, answers carry `Connection: close`, connections are taken for the grace so that endpoints have
  /// time to notice, reviews in flight are answered, then this returns. Ctrl-C leaves the grace out; a second signal of either kind
  /// ends the process at once.
  ///
  /// - Parameter hangUp: called on SIGHUP.
  func run(_ server: any DrainingServer, grace: Duration, hangUp: () -> Void) throws(SystemError) {
    try run(
      drain: { [self] signal throws(SystemError) in
        server.drain(grace: signal == .interrupt ? .zero : grace)
        // On a thread of its own, so that a second signal is heard.
        waiting = try LoopThread(name: "drain") { [end] in
          server.join()
          end.set()
        }
      }, hangUp: hangUp)
    if let waiting = waiting.take() { waiting.join() }
  }

  /// Runs until ``end`` is set.
  ///
  /// - Parameters:
  ///   - drain: begins the end, at the first signal; whoever finishes what is in flight then sets ``end``.
  ///   - hangUp: called on SIGHUP.
  func run(drain: (Signal) throws(SystemError) -> Void, hangUp: () -> Void) throws(SystemError) {
    var state = State.serving
    while !end.isSet.load(ordering: .acquiring) {
      try loop.turn()
      while !pending.isEmpty {
        switch (state, pending.removeFirst()) {
        case (_, .hangUp): hangUp()
        case (.serving, let signal):
          state = .draining
          logger.info("finishing what is in flight", metadata: ["signal": "\(signal)"])
          try drain(signal)
        case (.draining, let signal):
          logger.warning("second signal, leaving at once")
          _exit(128 + signal.rawValue)
        }
      }
    }
    logger.info("finished")
  }
}
