internal import EventLoop
internal import Telemetry

/// gRPC over one HTTP/2 connection: bytes and times in, bytes out; it knows no socket and no clock.
///
/// Belongs to one thread. Calls that answer at once are answered while their bytes are taken; those that follow a state are
/// looked at when something calls back.
final class GRPCConnection {
  /// How far the connection is on its way to its end.
  private enum Stage: Equatable {
    case preface(until: ContinuousClock.Instant)
    case open
    /// The end is announced; new streams are still answered.
    case leaving(until: ContinuousClock.Instant)
    /// The last streams are answered.
    case closing
  }

  private let methods: GRPCMethods
  private let metrics: ScalerMetrics
  private let limits: GRPCLimits
  private let session: HTTP2Session
  private let changed: @Sendable () -> Void
  private var stage: Stage
  private var flood: FloodGuard
  private var timers = TimerHeap<HTTP2Stream>()
  /// Streams whose state is looked at when something changed, by their ids.
  private var watching: [Int32: HTTP2Stream] = [:]
  private var recheckAt: ContinuousClock.Instant?
  private var lastReceived: ContinuousClock.Instant
  private var lastCall: ContinuousClock.Instant
  private var pingedAt: ContinuousClock.Instant?
  /// Calls that are open.
  private var openCalls = 0

  /// - Parameter changed: Called from any thread when a followed state changed; leads to `look(now:)` on the connection's thread.
  init(
    _ methods: GRPCMethods, _ metrics: ScalerMetrics, limits: GRPCLimits = GRPCLimits(),
    http2: HTTP2Limits = HTTP2Limits(), now: ContinuousClock.Instant, changed: @escaping @Sendable () -> Void
  ) {
    self.methods = methods
    self.metrics = metrics
    self.limits = limits
    self.changed = changed
    session = HTTP2Session(limits: http2)
    stage = .preface(until: now + limits.preface)
    flood = FloodGuard(now: now)
    (lastReceived, lastCall) = (now, now)
  }

  /// Whether everything is said.
  var isOver: Bool { session.isOver || stage == .closing && session.streams.isEmpty }

  /// Takes bytes of the client.
  func receive(_ bytes: Swift.Span<UInt8>, now: ContinuousClock.Instant) {
    if case .preface = stage { stage = .open }
    lastReceived = now
    pingedAt = nil
    session.receive(bytes)
    handleEvents(now)
    guard !flood.spend(session.cost, now: now) else { return session.cost = 0 }
    session.cost = 0
    metrics.floods.increment()
    session.terminate(.enhanceYourCalm)
  }

  /// Appends what is to be sent.
  func emit(into output: inout [UInt8], now: ContinuousClock.Instant) {
    session.emit(into: &output)
    // Sending closes streams and empties their outputs; what that leads to is sent too, as far as there is room.
    guard !session.events.isEmpty else { return }
    handleEvents(now)
    session.emit(into: &output)
  }

  /// Looks at the followed states.
  func look(now: ContinuousClock.Instant) {
    recheckAt = nil
    for stream in watching.values { update(stream, now) }
  }

  /// Begins the end: tells the client, then ends what would go on for ever.
  func drain(now: ContinuousClock.Instant) {
    guard stage != .closing else { return }
    if case .leaving = stage { return }
    stage = .leaving(until: now + limits.drain)
    session.announceEnd()
    session.ping()
    for stream in watching.values { end(stream, GRPCStatus(.unavailable, "the server is going away"), now) }
  }

  /// Lets go of everything, because the connection is gone.
  func close(now: ContinuousClock.Instant) {
    for stream in session.streams.values { closed(stream, now) }
  }
}

// MARK: - Times

extension GRPCConnection {
  /// When `expire(now:)` has to be called at the latest.
  var deadline: ContinuousClock.Instant? {
    var earliest = pingedAt.map { $0 + limits.pong } ?? lastReceived + limits.keepAlive
    if let timer = timers.earliest { earliest = min(earliest, timer) }
    if let recheckAt { earliest = min(earliest, recheckAt) }
    switch stage {
    case .preface(let until), .leaving(let until): earliest = min(earliest, until)
    case .open: if openCalls == 0 { earliest = min(earliest, lastCall + limits.idle) }
    case .closing: break
    }
    return earliest
  }

  /// Does what is due.
  /// - Returns: Whether the connection goes on.
  func expire(now: ContinuousClock.Instant) -> Bool {
    while let stream = timers.takeDue(at: now) {
      end(stream, GRPCStatus(.deadlineExceeded, "the call's deadline has passed"), now)
    }
    if let recheckAt, recheckAt <= now { look(now: now) }
    switch stage {
    case .preface(let until) where until <= now: return false
    case .leaving(let until) where until <= now: finishLeaving()
    default: break
    }
    if let pingedAt {
      if pingedAt + limits.pong <= now { return false }
    } else if lastReceived + limits.keepAlive <= now {
      pingedAt = now
      session.ping()
    }
    if openCalls == 0, lastCall + limits.idle <= now, stage == .open { drain(now: now) }
    return true
  }

  private func finishLeaving() {
    guard case .leaving = stage else { return }
    stage = .closing
    session.refuseNewStreams()
  }
}

// MARK: - Streams

extension GRPCConnection {
  private func handleEvents(_ now: ContinuousClock.Instant) {
    // Handling an event may add others; each stream adds a bounded number, so this ends.
    while !session.events.isEmpty {
      let events = session.events
      session.events = []
      for event in events { handle(event, now) }
    }
  }

  private func handle(_ event: HTTP2Event, _ now: ContinuousClock.Instant) {
    switch event {
    case .head(let stream): begin(stream, now)
    case .body(let stream): advance(stream, now)
    case .drained(let stream):
      guard let call = stream.call, call.isBehind else { return }
      call.isBehind = false
      update(stream, now)
    case .closed(let stream, let error):
      if error == .none { flood.earn() }
      closed(stream, now)
    case .pong: finishLeaving()
    }
  }

  private func begin(_ stream: HTTP2Stream, _ now: ContinuousClock.Instant) {
    lastCall = now
    if let status = RequestRules.plainRefusal(stream.head) {
      return session.respond(stream, GRPCAnswers.plain(status), endsStream: true)
    }
    do throws(GRPCStatus) {
      try RequestRules.check(stream.head, limit: session.limits.headBytes)
      let timeout = try RequestRules.timeout(stream.head)
      let method = try methods.method(stream.head.path)
      let call = Call(method, startedAt: now)
      stream.call = call
      openCalls += 1
      metrics.open.add(1)
      call.deadline = timeout.map { now + $0 }
      call.timer = timers.set(stream, at: now + min(timeout ?? limits.request, limits.request))
    } catch {
      session.respond(stream, GRPCAnswers.trailersOnly(error), endsStream: true)
    }
  }

  private func advance(_ stream: HTTP2Stream, _ now: ContinuousClock.Instant) {
    let input = session.takeInput(of: stream)
    guard let call = stream.call, !call.isEnded else { return }
    if !input.isEmpty { call.reader.append(input) }
    count(0, of: call)
    defer { count(call.isEnded ? 0 : call.reader.waiting + (call.request?.count ?? 0), of: call) }
    do throws(GRPCStatus) {
      while let message = try call.reader.next() { try take(message, stream, call, now) }
      if stream.isInputComplete, !call.isEnded { try complete(stream, call, now) }
    } catch {
      end(stream, error, now)
    }
  }

  /// Counts the bytes that a call holds of its request in the session's bound.
  private func count(_ waiting: Int, of call: Call) {
    session.pendingInput += waiting - call.waiting
    call.waiting = waiting
  }

  private func take(
    _ message: [UInt8], _ stream: HTTP2Stream, _ call: Call, _ now: ContinuousClock.Instant
  ) throws(GRPCStatus) {
    switch call.method.behaviour {
    case .unary, .watch:
      guard call.request == nil else {
        throw GRPCStatus(.unimplemented, "this method takes one message, and the client has sent more")
      }
      call.request = message
    case .exchange(let answer):
      keepOpen(stream, call, now)
      guard stream.pendingOutput < session.limits.streamOutput else {
        throw GRPCStatus(.resourceExhausted, "the client does not read what it asks for")
      }
      say(try answer(message), stream, call)
    }
  }

  /// Answers a request that is complete.
  private func complete(_ stream: HTTP2Stream, _ call: Call, _ now: ContinuousClock.Instant) throws(GRPCStatus) {
    guard call.reader.waiting == 0 else { throw GRPCStatus(.internalError, "the request ends within a message") }
    if case .watching = call.phase { return }
    if case .exchange = call.method.behaviour { return end(stream, .ok, now) }
    guard let request = call.request else {
      throw GRPCStatus(.unimplemented, "this method takes one message, and the client has sent none")
    }
    call.request = nil
    switch call.method.behaviour {
    case .unary(let answer):
      say(try answer(request), stream, call)
      end(stream, .ok, now)
    case .watch(let open):
      let watched = try open(request)
      call.phase = .watching(watched)
      watching[stream.id] = stream
      keepOpen(stream, call, now)
      watched.begin(changed)
      update(stream, now)
    case .exchange: break
    }
  }

  /// From now on the call lasts as long as its client wants.
  private func keepOpen(_ stream: HTTP2Stream, _ call: Call, _ now: ContinuousClock.Instant) {
    guard let timer = call.timer, !call.isLasting else { return }
    call.isLasting = true
    timers.cancel(timer)
    call.timer = call.deadline.map { timers.set(stream, at: $0) }
  }
}

// MARK: - Answers

extension GRPCConnection {
  private func say(_ message: [UInt8], _ stream: HTTP2Stream, _ call: Call) {
    if !call.hasResponded { session.respond(stream, GRPCAnswers.head, endsStream: false) }
    call.hasResponded = true
    session.send(stream, MessageReader.frame(message))
  }

  /// Tells the client of the state it follows, if it is another one; a client that is behind gets the last one later.
  private func update(_ stream: HTTP2Stream, _ now: ContinuousClock.Instant) {
    guard let call = stream.call, case .watching(let watched) = call.phase else { return }
    guard stream.pendingOutput == 0 else { return call.isBehind = true }
    do throws(GRPCStatus) {
      if let message = try watched.next() { say(message, stream, call) }
      if let recheck = watched.recheck { recheckAt = min(recheckAt ?? now + recheck, now + recheck) }
    } catch {
      end(stream, error, now)
    }
  }

  private func end(_ stream: HTTP2Stream, _ status: GRPCStatus, _ now: ContinuousClock.Instant) {
    guard let call = stream.call, !call.isEnded else { return }
    release(stream, call)
    call.method.statistics.ended(status.code, after: call.startedAt.duration(to: max(now, .now)))
    if call.hasResponded {
      session.finish(stream, GRPCAnswers.trailers(status))
    } else {
      session.respond(stream, GRPCAnswers.trailersOnly(status), endsStream: true)
    }
  }

  private func closed(_ stream: HTTP2Stream, _ now: ContinuousClock.Instant) {
    guard let call = stream.call, !call.isEnded else { return }
    release(stream, call)
    call.method.statistics.ended(.cancelled, after: call.startedAt.duration(to: now))
  }

  private func release(_ stream: HTTP2Stream, _ call: Call) {
    if case .watching(let watched) = call.phase { watched.cancel() }
    watching[stream.id] = nil
    if let timer = call.timer { timers.cancel(timer) }
    call.timer = nil
    call.phase = .ended
    count(0, of: call)
    openCalls -= 1
    metrics.open.add(-1)
  }
}
