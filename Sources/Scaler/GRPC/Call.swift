internal import EventLoop

/// One call: its method, how far its request is, and what ends it.
final class Call {
  /// How far the call is.
  enum Phase {
    /// The request is not complete.
    case reading
    /// The client follows a state.
    case watching(any Watched)
    /// The status was sent, or the stream is gone.
    case ended
  }

  let method: GRPCMethod
  let startedAt: ContinuousClock.Instant
  var phase = Phase.reading
  var reader = MessageReader()
  /// How many bytes of a request that is not answered are counted in the session's bound.
  var waiting = 0
  /// The one request of a method that takes one.
  var request: [UInt8]?
  var timer: TimerID?
  /// When the client gives up; nil for never.
  var deadline: ContinuousClock.Instant?
  /// Whether only the client's deadline bounds the call, not the time for a request.
  var isLasting = false
  /// Whether the answer's head was sent.
  var hasResponded = false
  /// Whether changes wait for the client to take what was sent.
  var isBehind = false

  init(_ method: GRPCMethod, startedAt: ContinuousClock.Instant) {
    self.method = method
    self.startedAt = startedAt
  }

  var isEnded: Bool {
    if case .ended = phase { true } else { false }
  }
}
