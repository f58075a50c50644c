internal import EventLoop

/// A listening socket on a loop: takes connections in batches, rests while the process has no room for more.
final class Listener: EventHandler {
  /// Connections taken per report, so that a flood of new ones does not starve those that are open.
  private static let batch = 64
  /// How long to rest before looking again whether there is room: connections may close on any loop.
  private static let pause = Duration.milliseconds(100)

  private enum State {
    case listening(EventLoop.Registration)
    case resting(EventLoop.Registration)
    case closed
  }

  private let socket: Descriptor
  private unowned let worker: Worker
  private let open: (consuming Descriptor) -> Void
  private var state = State.closed

  /// Begins to listen.
  init(
    _ socket: consuming Descriptor, on worker: Worker, open: @escaping (consuming Descriptor) -> Void
  ) throws(SystemError) {
    self.socket = socket
    self.worker = worker
    self.open = open
    state = .listening(try worker.loop.add(self.socket.rawValue, for: .readable, handler: self))
  }

  func ready(_ readiness: Readiness) {
    for _ in 0..<Self.batch {
      guard worker.hasRoom else { return rest() }
      guard takeOne() else { return }
    }
  }

  func ignoreNewConnections() {
    socket.ignoreNewConnections()
  }

  /// Takes what waits in the queue, which closing would reset, then stops listening.
  func close() {
    switch state {
    case .listening(let registration), .resting(let registration):
      while worker.hasRoom, takeOne() {}
      worker.loop.remove(registration)
      state = .closed
    case .closed: return
    }
  }

  /// Takes one connection; returns whether there may be another.
  private func takeOne() -> Bool {
    do throws(SystemError) {
      switch try socket.accept() {
      case .connection(let connected):
        connected.sendPromptly()
        open(connected)
        return true
      case .none: return false
      }
    } catch {
      rest()
      return false
    }
  }

  private func rest() {
    guard case .listening(let registration) = state else { return }
    try? worker.loop.change(registration, to: [])
    state = .resting(registration)
    wakeLater()
  }

  private func wakeLater() {
    worker.loop.schedule(at: worker.now + Self.pause) { [weak self] in self?.resume() }
  }

  private func resume() {
    guard case .resting(let registration) = state else { return }
    guard worker.hasRoom else { return wakeLater() }
    try? worker.loop.change(registration, to: .readable)
    state = .listening(registration)
  }
}
