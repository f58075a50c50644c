import Foundation
import Glibc
import Synchronization

/// Waits for the end of one process on a thread of its own, and sends it signals only while its id is its own.
final class Reaper: Sendable {
  private enum State {
    case running
    case ended(ChildProcess.Exit)
  }

  private let identifier: pid_t
  private let state = Mutex(State.running)
  /// Becomes readable, by its end, when the process has ended.
  let exited: Int32

  init(_ identifier: pid_t, exited: consuming Channel) {
    self.identifier = identifier
    let ends = exited.takeBoth()
    self.exited = ends.readEnd
    Thread.detachNewThread { [self] in
      reap()
      close(ends.writeEnd)
    }
  }

  deinit {
    close(exited)
  }

  var exit: ChildProcess.Exit? {
    state.withLock { if case .ended(let exit) = $0 { exit } else { nil } }
  }

  func send(_ signal: Int32) {
    state.withLock {
      guard case .running = $0 else { return }
      kill(identifier, signal)
    }
  }

  /// First waits without taking the process away, so that its id is not given to another one until the lock is held.
  private func reap() {
    var information = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    state.withLock { state in
      var status: Int32 = 0
      unsafe waitpid(identifier, &status, 0)
      // The layout of wait(2)'s status: the low seven bits are the signal, the next byte the code.
      let signal = status & 0x7F
      state = .ended(signal == 0 ? .code((status >> 8) & 0xFF) : .signal(signal))
    }
  }
}
