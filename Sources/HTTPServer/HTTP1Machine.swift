/// What an HTTP/1.1 connection does next, as a value without socket, clock or handler: bytes and times go in, actions
/// come out.
///
/// The shell calls `next` until it says `.wait`. An action that asks for an answer is followed by `answered`, which
/// decides whether the connection goes on.
struct HTTP1Machine {
  /// What the shell has to do.
  enum Action: Equatable {
    /// Read more; nothing to do before.
    case wait
    /// Send `100 Continue`, then ask again.
    case sendContinue
    /// Call the handler with so many bytes of body at the front of the buffer, then say `answered` or `deferred`.
    case dispatch(body: Int)
    /// Send the refusal, then say `answered`.
    case refuse(HTTPError)
    /// A handler's answer is awaited; read nothing.
    case pause
  }

  /// What a handler's side says to a head: the refusal, if it will not be dispatched.
  typealias Screen = (_ head: RequestHead, _ bodyIsComplete: Bool) -> HTTPError?

  fileprivate enum State {
    /// Between two requests, or before the first.
    case idle(since: ContinuousClock.Instant)
    case head(HeadParser, since: ContinuousClock.Instant)
    case body(Body, since: ContinuousClock.Instant)
    /// A request is with its handler; so many bytes of the buffer are its body.
    case handling(body: Int)
    /// A refusal is being sent.
    case refusing(closes: Bool)
    case closing
  }

  /// A body on its way in.
  fileprivate struct Body {
    enum Kind {
      case length(Int)
      case chunked(ChunkedDecoder)
    }

    var kind: Kind
    /// The refusal that is sent after the body is read and dropped; the connection survives that way.
    let refusal: HTTPError?
    var awaitsContinue: Bool
  }

  private let limits: Limits
  private let expiry: ContinuousClock.Instant
  private var state: State
  /// Whether the client or a refusal ends the connection after the current answer.
  private var endsConnection = false

  /// A connection that opened at `now` and is to answer with `Connection: close` once it is `life` old.
  init(limits: Limits, now: ContinuousClock.Instant, life: Duration) {
    self.limits = limits
    expiry = now + life
    state = .idle(since: now)
  }

  /// Whether a request's body is on its way in.
  var awaitsBody: Bool {
    if case .body = state { return true }
    return false
  }

  /// Whether a body on its way in is refused already, and dropped.
  var dropsBody: Bool {
    if case .body(let body, _) = state { return body.refusal != nil }
    return false
  }

  /// Whether the head belongs to the request that is being answered; not so when the head itself was refused.
  private(set) var hasReadHead = false

  /// When the client has waited too long; `nil` while the server has the next move.
  /// - Parameter quiet: While the server drains: when the drain began, and how long a connection may be quiet.
  func deadline(quiet: (since: ContinuousClock.Instant, limit: Duration)?) -> ContinuousClock.Instant? {
    switch state {
    case .idle(let since):
      guard let quiet else { return since + limits.idle }
      return max(since, quiet.since) + quiet.limit
    case .head(_, let since): return since + limits.head
    case .body(_, let since): return since + limits.body
    case .handling, .refusing, .closing: return nil
    }
  }

  /// What to tell a client whose deadline has passed; `nil` when it has sent nothing and the connection just ends.
  mutating func expire() -> HTTPError? {
    defer { state = .closing }
    switch state {
    case .head: return HTTPError(.requestTimeout, "the request head took longer than \(limits.head)")
    case .body: return HTTPError(.requestTimeout, "the request body took longer than \(limits.body)")
    default: return nil
    }
  }

  /// Takes note that the rest of a body is not waited for: it is refused, and the connection ends with the refusal.
  mutating func giveUp() { state = .refusing(closes: true) }

  /// Advances over the bytes received so far.
  /// - Parameter head: Filled in when a head is complete; it stays until the request is answered.
  mutating func next(
    _ input: inout InputBuffer, head: inout RequestHead, now: ContinuousClock.Instant, screen: Screen
  ) -> Action {
    do throws(HTTPError) {
      switch state {
      case .idle:
        guard !input.isEmpty else { return .wait }
        state = .head(HeadParser(), since: now)
        hasReadHead = false
        return try readHead(&input, &head, now, screen)
      case .head: return try readHead(&input, &head, now, screen)
      case .body: return try readBody(&input)
      case .handling, .refusing: return .pause
      case .closing: return .wait
      }
    } catch {
      // Where the next request begins is not known any more, so the connection cannot go on (RFC 9112, section 9.6).
      state = .refusing(closes: true)
      return .refuse(error)
    }
  }

  /// Whether the answer to the current request must carry `Connection: close`.
  func closes(now: ContinuousClock.Instant, draining: Bool) -> Bool {
    if case .refusing(closes: true) = state { return true }
    return endsConnection || draining || now >= expiry
  }

  /// Takes note that the current request was answered.
  /// - Parameter closing: Whether the answer said so.
  mutating func answered(_ input: inout InputBuffer, closing: Bool, now: ContinuousClock.Instant) {
    if case .handling(let body) = state { input.consume(body) }
    state = closing ? .closing : .idle(since: now)
  }

  /// Takes note that the current request is answered later: its body is of no more use.
  mutating func deferred(_ input: inout InputBuffer) {
    guard case .handling(let body) = state else { return }
    input.consume(body)
    state = .handling(body: 0)
  }

  private mutating func readHead(
    _ input: inout InputBuffer, _ head: inout RequestHead, _ now: ContinuousClock.Instant, _ screen: Screen
  ) throws(HTTPError) -> Action {
    guard case .head(var parser, let since) = state else { return .wait }
    // Set before the parser throws: a head that is refused ends the connection in `next`.
    let outcome = try parser.parse(input.storage.span.extracting(input.range), limits: limits, into: &head)
    guard case .complete(let consumed) = outcome else {
      state = .head(parser, since: since)
      return .wait
    }
    input.consume(consumed)
    hasReadHead = true
    head.receivedAt = since
    endsConnection = head.endsConnection
    return try begin(&input, head, now, screen)
  }

  /// Decides what becomes of a request whose head is known.
  private mutating func begin(
    _ input: inout InputBuffer, _ head: RequestHead, _ now: ContinuousClock.Instant, _ screen: Screen
  ) throws(HTTPError) -> Action {
    let kind: Body.Kind
    switch head.framing {
    case .none:
      if let refusal = screen(head, true) { return refuse(refusal, closes: false) }
      state = .handling(body: 0)
      return .dispatch(body: 0)
    case .length(let length):
      let isComplete = input.count >= length
      let refusal = screen(head, isComplete)
      if isComplete, refusal == nil {
        state = .handling(body: length)
        return .dispatch(body: length)
      }
      // A client that waits for `100 Continue` may or may not send the body after a refusal: nobody can tell where the
      // next request begins.
      if let refusal, head.expectsContinue { return refuse(refusal, closes: true) }
      state = .body(Body(kind: .length(length), refusal: refusal, awaitsContinue: head.expectsContinue), since: now)
      return try readBody(&input)
    case .chunked: kind = .chunked(ChunkedDecoder())
    }
    let refusal = screen(head, false)
    if let refusal, head.expectsContinue { return refuse(refusal, closes: true) }
    state = .body(Body(kind: kind, refusal: refusal, awaitsContinue: head.expectsContinue), since: now)
    return try readBody(&input)
  }

  private mutating func readBody(_ input: inout InputBuffer) throws(HTTPError) -> Action {
    guard case .body(var body, let since) = state else { return .wait }
    if let size = try body.take(&input, limits) {
      if let refusal = body.refusal { return refuse(refusal, closes: false) }
      state = .handling(body: size)
      return .dispatch(body: size)
    }
    // RFC 9110, section 10.1.1: not needed once the client has begun to send the body.
    let asks = body.awaitsContinue && input.isEmpty
    body.awaitsContinue = false
    state = .body(body, since: since)
    return asks ? .sendContinue : .wait
  }

  private mutating func refuse(_ refusal: HTTPError, closes: Bool) -> Action {
    state = .refusing(closes: closes)
    return .refuse(refusal)
  }
}

extension HTTP1Machine.Body {
  /// Takes what has come of the body; returns its size once it is complete (0 for one that was dropped).
  fileprivate mutating func take(_ input: inout InputBuffer, _ limits: Limits) throws(HTTPError) -> Int? {
    switch kind {
    case .length(let length):
      guard refusal != nil else { return input.count >= length ? length : nil }
      let dropped = min(length, input.count)
      input.consume(dropped)
      kind = .length(length - dropped)
      return dropped == length ? 0 : nil
    case .chunked(var decoder):
      let isComplete = try decoder.decode(&input, limits: limits)
      if refusal != nil { decoder.discard(&input) }
      kind = .chunked(decoder)
      return isComplete ? decoder.decoded : nil
    }
  }
}
