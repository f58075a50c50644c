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

  /// Set by the thread that waits for the servers.
  private final class Flag: Sendable {
    let isSet = Atomic(false)
  }

  /// The loop that file watches and timers belong to.
  let loop: EventLoop
  private let logger: Logger
  private var signals: SignalWatcher?
  private var pending: [Signal] = []
  private let finished = Flag()
  private var waiting: LoopThread?

  init(_ logger: Logger) throws(SystemError) {
    self.logger = logger
    loop = try EventLoop(name: "main")
    signals = try SignalWatcher([.terminate, .interrupt, .hangUp], on: loop) { [weak self] in self?.pending.append($0) }
  }

  /// Runs until a signal asks for the end and the server has finished what is in flight.
  ///
  /// On SIGTERM: readiness turns false, answers carry `Connection: close`, connections are taken for the grace so that endpoints have
  /// time to notice, reviews in flight are answered, then this returns. Ctrl-C leaves the grace out; a second signal of either kind
  /// ends the process at once.
  ///
  /// - Parameter hangUp: called on SIGHUP.
  func run(_ servers: [any DrainingServer], grace: Duration, hangUp: () -> Void) throws(SystemError) {
    var state = State.serving
    while !finished.isSet.load(ordering: .acquiring) {
      try loop.turn()
      while !pending.isEmpty {
        switch (state, pending.removeFirst()) {
        case (_, .hangUp): hangUp()
        case (.serving, let signal):
          state = .draining
          try drain(servers, grace: signal == .interrupt ? .zero : grace, signal)
        case (.draining, let signal):
          logger.warning("second signal, leaving at once")
          _exit(128 + signal.rawValue)
        }
      }
    }
    if let waiting = waiting.take() { waiting.join() }
    logger.info("finished")
  }

  /// Waits for the servers on a thread of its own, so that a second signal is heard.
  private func drain(_ servers: [any DrainingServer], grace: Duration, _ signal: Signal) throws(SystemError) {
    logger.info("finishing what is in flight", metadata: ["signal": "\(signal)", "grace": "\(grace)"])
    for server in servers { server.drain(grace: grace) }
    waiting = try LoopThread(name: "drain") { [loop, finished] in
      for server in servers { server.join() }
      finished.isSet.store(true, ordering: .releasing)
      loop.submit {}
    }
  }
}
