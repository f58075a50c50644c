internal import Synchronization

/// What became of bytes given to a streamed answer.
public enum StreamWrite: Sendable, Equatable {
  /// They will be sent.
  case accepted
  /// Too much waits for a slow client (`Limits.streamBytes`); nothing was taken.
  case full
  /// The client or the server has gone, or the answer has ended.
  case gone
}

/// The way to answer a request later, from any thread: at once or as a stream.
///
/// A handle that goes away without an answer sends 500, one that goes away within a stream cuts the connection, so that
/// no client waits for ever or takes half an answer for a whole one.
public final class ResponseHandle: Sendable {
  let exchange: Exchange

  init(_ exchange: Exchange) {
    self.exchange = exchange
  }

  deinit {
    exchange.abandon()
  }

  /// Sends a whole answer; only the first counts.
  public func respond(_ response: Response) {
    exchange.respond(response)
  }

  /// Sends the head of a streamed answer; its body, if any, is the first part.
  /// - Returns: Whether the client still listens.
  @discardableResult
  public func start(_ response: Response) -> Bool {
    exchange.start(response)
  }

  /// Sends a part of a streamed answer.
  public func write(_ bytes: [UInt8]) -> StreamWrite {
    exchange.write(bytes)
  }

  /// Ends a streamed answer.
  public func end() {
    exchange.end()
  }

  /// Runs an action once when the client has gone or the server has ended the stream.
  ///
  /// On a loop's thread; at once, on the caller's, when that has happened already. It is dropped when the answer ends in good order.
  public func onClosed(_ action: @escaping @Sendable () -> Void) {
    exchange.onClosed(action)
  }
}

/// One request whose answer comes later: what its handle and its connection share.
final class Exchange: Sendable {
  /// What the handle's side asks of the connection's side.
  enum Event: Sendable {
    case whole(Response)
    case start(Response)
    case bytes([UInt8])
    case end
    case abort
  }

  private enum Phase {
    case waiting
    case streaming
    case ended
    case gone
  }

  private struct State {
    var phase = Phase.waiting
    /// Bytes given and not yet taken by the socket.
    var outstanding = 0
    var onClosed: (@Sendable () -> Void)?
  }

  let serial: UInt64
  private let link: ConnectionLink<HTTP1Handler>
  private let limit: Int
  private let state = Mutex(State())

  init(serial: UInt64, link: ConnectionLink<HTTP1Handler>, limit: Int) {
    self.serial = serial
    self.link = link
    self.limit = limit
  }

  func respond(_ response: Response) {
    guard move(from: .waiting, to: .ended) else { return }
    post(.whole(response))
  }

  func start(_ response: Response) -> Bool {
    guard move(from: .waiting, to: .streaming) else { return false }
    post(.start(response))
    return true
  }

  func write(_ bytes: [UInt8]) -> StreamWrite {
    let outcome = state.withLock { state -> StreamWrite in
      guard state.phase == .streaming else { return .gone }
      // One part is always taken when nothing waits, however large: its giver holds it already.
      guard state.outstanding == 0 || state.outstanding + bytes.count <= limit else { return .full }
      state.outstanding += bytes.count
      return .accepted
    }
    if outcome == .accepted { post(.bytes(bytes)) }
    return outcome
  }

  func end() {
    guard move(from: .streaming, to: .ended) else { return }
    post(.end)
  }

  func onClosed(_ action: @escaping @Sendable () -> Void) {
    let isGone = state.withLock { state in
      guard state.phase != .gone else { return true }
      if state.phase != .ended { state.onClosed = action }
      return false
    }
    if isGone { action() }
  }

  /// The handle has gone.
  func abandon() {
    if move(from: .waiting, to: .ended) {
      post(.whole(.text("the handler gave no answer", status: .internalServerError)))
    } else if move(from: .streaming, to: .ended) {
      post(.abort)
    }
  }

  /// The handler answered by itself.
  func settle() {
    _ = move(from: .waiting, to: .ended)
  }

  /// The socket has taken so many bytes of the stream.
  func sent(_ count: Int) {
    state.withLock { $0.outstanding -= count }
  }

  /// The client has gone, or the server ends the stream.
  func lose() {
    let action = state.withLock { state in
      defer { state.onClosed = nil }
      guard state.phase != .ended else { return nil as (@Sendable () -> Void)? }
      state.phase = .gone
      return state.onClosed
    }
    action?()
  }

  private func move(from old: Phase, to new: Phase) -> Bool {
    state.withLock { state in
      guard state.phase == old else { return false }
      state.phase = new
      if new == .ended { state.onClosed = nil }
      return true
    }
  }

  private func post(_ event: Event) {
    link.perform { [serial] handler, workspace, now in handler.take(event, of: serial, workspace, now) }
  }
}
