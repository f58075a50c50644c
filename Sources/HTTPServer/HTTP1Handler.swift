internal import EventLoop
internal import Synchronization

/// HTTP/1.1 over one connection: the machine says what comes next, the router who answers, the writer how.
struct HTTP1Handler: StreamHandler {
  /// An answer that comes later.
  private struct Pending {
    let exchange: Exchange
    var progress = Progress.waiting

    enum Progress {
      case waiting
      case streaming(ResponseWriter.Framing, closes: Bool)
    }
  }

  private let router: Router
  private let worker: Worker
  private let link: ConnectionLink<HTTP1Handler>
  private var machine: HTTP1Machine
  private var head = RequestHead()
  private var route = 0
  private var allow: String?
  private var pending: Pending?
  private var serial: UInt64 = 0
  /// Whether this connection counts as a request in flight.
  private var holdsPlace = false
  /// How many bytes of a large body this connection has waiting.
  private var waitingBytes = 0
  /// Whether requests wait in the input for the output to be sent.
  private var isHeldBack = false
  /// Streamed bytes in the output.
  private var streamed = 0

  init(router: Router, context: ConnectionContext<HTTP1Handler>) {
    self.router = router
    worker = context.worker
    link = context.link
    // A tenth of jitter, so that connections opened together do not all end together.
    let life = context.limits.life * Double.random(in: 0.9...1.1)
    machine = HTTP1Machine(limits: context.limits, now: context.openedAt, life: life)
  }

  var deadline: ContinuousClock.Instant? {
    if case .closing(let since) = worker.stage {
      return machine.deadline(quiet: (since, worker.limits.drainQuiet))
    }
    return machine.deadline(quiet: nil)
  }

  mutating func opened(_ workspace: Workspace, clientSubject: String?, now: ContinuousClock.Instant) -> StreamVerdict {
    head.clientSubject = clientSubject
    return .proceed
  }

  mutating func received(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict {
    while workspace.output.count < Limits.pipelinedOutput {
      switch step(workspace, now) {
      case .wait:
        guard machine.awaitsBody else { return .proceed }
        // What is refused already and only read to its end takes no place from others.
        guard !machine.dropsBody else { return .proceed }
        takePlace()
        guard !keepWaiting(workspace.input.count) else { return .proceed }
        machine.giveUp()
        _ = answer(.refusal(HTTPError(.tooManyRequests, "too many bytes wait"), allow: nil), workspace, now)
        return .finish
      case .pause: return .pause
      case .sendContinue: workspace.output.append(contentsOf: ResponseWriter.continuation)
      case .refuse(let error):
        guard answer(.refusal(error, allow: allow), workspace, now) else { return .finish }
      case .dispatch(let body):
        guard let verdict = dispatch(body, workspace, now) else { continue }
        return verdict
      }
    }
    isHeldBack = true
    return .pause
  }

  mutating func flushed(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict? {
    if streamed > 0 {
      pending?.exchange.sent(streamed)
      streamed = 0
    }
    guard isHeldBack else { return nil }
    isHeldBack = false
    return received(workspace, now: now)
  }

  mutating func expired(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict {
    guard let error = machine.expire() else { return .finish }
    write(.refusal(error, allow: nil), .whole, closes: true, workspace)
    return .finish
  }

  mutating func draining(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict? {
    guard let pending, case .streaming(let framing, _) = pending.progress else { return nil }
    // A stream (a watch) may go on for ever: its client is told that it ends and begins another one elsewhere.
    pending.exchange.lose()
    self.pending = nil
    if case .chunked = framing { workspace.output.append(contentsOf: ResponseWriter.lastChunk) }
    return .finish
  }

  mutating func closed() {
    pending?.exchange.lose()
    pending = nil
    leavePlace()
  }
}

extension HTTP1Handler {
  private mutating func step(_ workspace: Workspace, _ now: ContinuousClock.Instant) -> HTTP1Machine.Action {
    var screened: Int?
    var allowed: MethodSet?
    let (router, worker) = (router, worker)
    let action = machine.next(&workspace.input, head: &head, now: now) { head, bodyIsComplete in
      var found = 0
      screened = found
      switch router.lookup(head.pathBytes, head.method) {
      case .notFound: return HTTPError(.notFound, "nothing is served at this path")
      case .wrongMethod(let methods):
        allowed = methods
        return HTTPError(.methodNotAllowed, "this path takes \(methods.text)")
      case .found(let index): found = index
      }
      screened = found
      if let refusal = router.routes[found].refusal(of: head) { return refusal }
      let staysInFlight = !bodyIsComplete || router.routes[found].isDeferrable
      guard staysInFlight, worker.isOverloaded else { return nil }
      return HTTPError(.tooManyRequests, "too many requests are in flight")
    }
    // The screen runs once per request, perhaps turns before the action that it leads to.
    if let screened {
      route = screened
      allow = allowed?.text
    }
    return action
  }

  /// Calls the handler; `nil` means that the next request may be looked at.
  private mutating func dispatch(
    _ body: Int, _ workspace: Workspace, _ now: ContinuousClock.Instant
  ) -> StreamVerdict? {
    switch router.routes[route].handler {
    case .plain(let call):
      let response = workspace.input.withPrefix(body) { call(head, $0) }
      return answer(response, workspace, now) ? nil : .finish
    case .deferrable(let call):
      serial += 1
      let exchange = Exchange(serial: serial, link: link, limit: worker.limits.streamBytes)
      let handle = ResponseHandle(exchange)
      switch workspace.input.withPrefix(body, { call(head, $0, handle) }) {
      case .now(let response):
        exchange.settle()
        return answer(response, workspace, now) ? nil : .finish
      case .later:
        machine.deferred(&workspace.input)
        pending = Pending(exchange: exchange)
        takePlace()
        return .pause
      }
    }
  }

  /// Writes a whole answer; returns whether the connection goes on.
  private mutating func answer(
    _ response: Response, _ workspace: Workspace, _ now: ContinuousClock.Instant
  ) -> Bool {
    let closes = machine.closes(now: now, draining: worker.stage != .open)
    write(response, machine.hasReadHead && head.method == .head ? .headOnly : .whole, closes: closes, workspace)
    complete(workspace, closes: closes, now)
    return !closes
  }

  private mutating func complete(_ workspace: Workspace, closes: Bool, _ now: ContinuousClock.Instant) {
    machine.answered(&workspace.input, closing: closes, now: now)
    streamed = 0
    leavePlace()
  }

  private func write(
    _ response: Response, _ framing: ResponseWriter.Framing, closes: Bool, _ workspace: Workspace
  ) {
    worker.counters.countResponse(response.status)
    ResponseWriter.write(response, framing, closes: closes, date: worker.date, into: &workspace.output)
  }

  private mutating func takePlace() {
    guard !holdsPlace else { return }
    holdsPlace = true
    worker.takePlace()
  }

  /// Whether there is room for so many bytes of a body that is not complete.
  private mutating func keepWaiting(_ bytes: Int) -> Bool {
    let waiting = bytes > Limits.smallBody ? bytes : 0
    defer { waitingBytes = waiting }
    return waiting == waitingBytes || worker.keepWaiting(waiting - waitingBytes)
  }

  private mutating func leavePlace() {
    _ = keepWaiting(0)
    guard holdsPlace else { return }
    holdsPlace = false
    worker.leavePlace()
  }
}

extension HTTP1Handler {
  /// Acts on what a response handle asks for.
  mutating func take(
    _ event: Exchange.Event, of serial: UInt64, _ workspace: Workspace, _ now: ContinuousClock.Instant
  ) -> StreamVerdict {
    guard var pending, pending.exchange.serial == serial else { return isWaiting ? .pause : .proceed }
    switch (event, pending.progress) {
    case (.whole(let response), .waiting):
      self.pending = nil
      return answer(response, workspace, now) ? received(workspace, now: now) : .finish
    case (.start(let response), .waiting):
      begin(&pending, response, workspace, now)
      self.pending = pending
      return .pause
    case (.bytes(let bytes), .streaming(let framing, _)):
      stream(bytes, framing, workspace)
      return .pause
    case (.end, .streaming(let framing, let closes)):
      if case .chunked = framing { workspace.output.append(contentsOf: ResponseWriter.lastChunk) }
      self.pending = nil
      complete(workspace, closes: closes, now)
      return closes ? .finish : received(workspace, now: now)
    case (.abort, _), (.whole, .streaming), (.start, .streaming), (.bytes, .waiting), (.end, .waiting):
      return .abort
    }
  }

  private var isWaiting: Bool { pending != nil || isHeldBack }

  private mutating func begin(
    _ pending: inout Pending, _ response: Response, _ workspace: Workspace, _ now: ContinuousClock.Instant
  ) {
    let framed: ResponseWriter.Framing = head.isHTTP11 ? .chunked : .untilClose
    // The head of the answer to HEAD is that of GET; the parts are dropped.
    let framing: ResponseWriter.Framing = head.method == .head ? .headOnly : framed
    let closes = machine.closes(now: now, draining: worker.stage != .open)
    write(response, framed, closes: closes, workspace)
    pending.progress = .streaming(framing, closes: closes)
    stream(response.body, framing, workspace)
    streamed -= response.body.count
  }

  private mutating func stream(_ bytes: [UInt8], _ framing: ResponseWriter.Framing, _ workspace: Workspace) {
    streamed += bytes.count
    switch framing {
    case .chunked: ResponseWriter.writeChunk(bytes, into: &workspace.output)
    case .untilClose: workspace.output.append(contentsOf: bytes)
    case .whole, .headOnly: break
    }
  }
}
