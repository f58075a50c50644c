internal import EventLoop
internal import TLS

/// How far a connection has come.
///
/// Not inside of the generic class: the runtime would have to look its type up for every comparison.
private enum Phase: Equatable {
  case handshaking(until: ContinuousClock.Instant)
  case open
  /// A handler's verdict is awaited from elsewhere; nothing is read.
  case paused
  /// The last bytes are on their way.
  case finishing
  /// Everything is sent; what still comes in is dropped until the peer closes.
  case lingering(until: ContinuousClock.Instant)
  case closed
}

/// The shell of one connection: owns the socket and the TLS session, moves bytes, keeps deadlines; what the bytes mean is
/// the protocol's business.
final class Connection<Handler: StreamHandler>: EventHandler, OpenConnection {
  private let worker: Worker
  private var transport: Transport
  private var handler: Handler
  private var phase: Phase
  private var workspace: Workspace?
  private var registration: EventLoop.Registration?
  private var interest: Readiness = .readable
  private var timer: (at: ContinuousClock.Instant, id: TimerID)?
  /// Whether TLS must send before it can read (a key update); reading again before there is room would turn in a circle.
  private var readWaitsForRoom = false
  /// Whether the output waits for the end of the batch; until then nothing else happens here.
  private var sendsLater = false
  /// When the peer has taken nothing for too long; set while output waits for the socket.
  private var writeDeadline: ContinuousClock.Instant?

  /// Takes a connected socket over; a socket that cannot be watched or secured is closed.
  @discardableResult
  init?<Service: StreamService>(
    _ socket: consuming Descriptor, _ context: ServerContext?, _ service: Service, on worker: Worker
  ) where Service.Handler == Handler {
    guard let transport = try? Transport(socket, context) else { return nil }
    let link = ConnectionLink<Handler>(loop: worker.loop)
    phase = transport.isSecure ? .handshaking(until: worker.now + worker.limits.handshake) : .open
    self.transport = transport
    self.worker = worker
    handler = service.makeHandler(ConnectionContext(link: link, openedAt: worker.now, worker: worker))
    link.target.connection = self
    guard let registration = try? worker.loop.add(self.transport.socket.rawValue, for: .readable, handler: self) else {
      return nil
    }
    self.registration = registration
    worker.opened(self)
    if phase == .open { withWorkspace { apply(handler.opened($0, clientSubject: nil, now: worker.now)) } }
    settle()
  }

  func ready(_ readiness: Readiness) {
    worker.sendAllIfFull()
    switch phase {
    case .handshaking: handshake()
    case .lingering: dropInput()
    case .closed: return
    case .paused where !readiness.isDisjoint(with: [.halfClosed, .broken]): close()
    case .open, .paused, .finishing:
      readWaitsForRoom = false
      if hasOutput { flush() }
      if phase == .open, !hasOutput { read() }
    }
    settle()
  }

  func sendNow() {
    guard sendsLater else { return }
    sendsLater = false
    guard phase == .open else { return }
    flush()
    // What TLS holds already would never be reported by the socket.
    if phase == .open, !hasOutput, transport.hasPending { read() }
    settle()
  }

  /// Runs a closure over the protocol that came from elsewhere.
  func perform(_ body: (inout Handler, Workspace, ContinuousClock.Instant) -> StreamVerdict) {
    guard phase == .open || phase == .paused else { return }
    withWorkspace { apply(body(&handler, $0, worker.now)) }
    if phase == .open, !hasOutput, transport.hasPending { read() }
    settle()
  }

  /// Tells the protocol that the server ends.
  func drain() {
    if phase == .open || phase == .paused {
      withWorkspace { workspace in
        if let verdict = handler.draining(workspace, now: worker.now) { apply(verdict) }
      }
    }
    settle()
  }

  /// Ends the connection at once.
  func close() {
    guard phase != .closed else { return }
    phase = .closed
    handler.closed()
    if let timer { worker.loop.cancel(timer.id) }
    timer = nil
    if let registration { worker.loop.remove(registration) }
    releaseWorkspace()
    worker.closed(self)
  }
}

// MARK: - Bytes

extension Connection {
  private var hasOutput: Bool { workspace.map { $0.sent < $0.output.count } ?? false }

  private func withWorkspace(_ body: (Workspace) -> Void) {
    let current = workspace ?? worker.takeWorkspace()
    workspace = current
    body(current)
  }

  private func releaseWorkspace() {
    guard let workspace else { return }
    worker.giveBack(workspace)
    self.workspace = nil
  }

  private func handshake() {
    do throws(TLSError) {
      switch try transport.handshake() {
      case .finished:
        phase = .open
        let subject = transport.clientSubject
        withWorkspace { apply(handler.opened($0, clientSubject: subject, now: worker.now)) }
        // The first request may have come with the end of the handshake: no readiness would be reported for it.
        if phase == .open { read() }
        // Otherwise the answer carries the acknowledgement.
        if phase == .open, !sendsLater, !hasOutput { transport.acknowledgePromptly() }
      case .wantRead: watch(.readable)
      case .wantWrite: watch(.writable)
      case .closed: failHandshake()
      }
    } catch {
      failHandshake()
    }
  }

  private func failHandshake() {
    worker.counters.handshakesFailed.add(1)
    close()
  }

  /// Reads once, and again as long as TLS holds bytes that the socket will not report.
  private func read() {
    withWorkspace { workspace in
      repeat {
        switch fill(workspace) {
        case .bytes(let count):
          worker.counters.received.add(count)
          let verdict = handler.received(workspace, now: worker.now)
          sendsLater = verdict == .proceed && !workspace.output.isEmpty && worker.sendLater(self)
          if !sendsLater { apply(verdict) }
        case .wantRead: return
        case .wantWrite: return readWaitsForRoom = true
        case .closed: return close()
        }
      } while phase == .open && !hasOutput && transport.hasPending
    }
  }

  /// A whole TLS record fits, so that OpenSSL need not keep part of one.
  private func fill(_ workspace: Workspace) -> Transport.Outcome {
    workspace.input.makeRoom(16 * 1024)
    var outcome = Transport.Outcome.wantRead
    unsafe workspace.input.fill { buffer in
      outcome = unsafe transport.read(into: buffer)
      if case .bytes(let count) = outcome { return count }
      return 0
    }
    return outcome
  }

  private func apply(_ verdict: StreamVerdict) {
    switch verdict {
    case .proceed: phase = .open
    case .pause: phase = .paused
    case .finish:
      phase = .finishing
      transport.gatherUntilFinish()
    case .abort: return close()
    }
    flush()
  }

  /// Sends until the output is empty or the socket is full; the protocol may add more when it is empty.
  private func flush() {
    guard let workspace else { return }
    while workspace.sent < workspace.output.count {
      switch send(workspace) {
      case .bytes(let count):
        workspace.sent += count
        worker.counters.sent.add(count)
        writeDeadline = nil
      case .wantRead, .wantWrite:
        // The turn may have begun long ago, where what was asked took long to answer.
        if writeDeadline == nil { writeDeadline = worker.loop.preciseNow + worker.limits.write }
        return
      case .closed: return close()
      }
    }
    workspace.output.removeAll(keepingCapacity: true)
    workspace.sent = 0
    if phase == .finishing { return linger() }
    if let verdict = handler.flushed(workspace, now: worker.now) { apply(verdict) }
  }

  private func send(_ workspace: Workspace) -> Transport.Outcome {
    unsafe workspace.output.withUnsafeBytes { bytes in
      unsafe transport.write(UnsafeRawBufferPointer(rebasing: bytes[workspace.sent...]))
    }
  }

  /// Ends the sending side and waits for the peer to end its own: closing with unread bytes would reset the connection,
  /// and the reset can overtake the answer (RFC 9112, section 9.6).
  private func linger() {
    transport.finishSending()
    phase = .lingering(until: worker.now + worker.limits.linger)
    dropInput()
  }

  private func dropInput() {
    var outcome = Transport.Outcome.wantRead
    withWorkspace { workspace in
      workspace.input.removeAll()
      workspace.input.makeRoom(16 * 1024)
      // At most 16 reads per report: a peer that never stops sending gets its turn like everybody else.
      for _ in 0..<16 {
        unsafe workspace.input.fill { buffer in
          outcome = unsafe transport.readRaw(into: buffer)
          return 0
        }
        guard case .bytes = outcome else { break }
      }
    }
    if outcome == .closed { close() }
  }
}

// MARK: - Readiness and deadlines

extension Connection {
  /// After every turn: gives the buffers back, watches for what is needed next, keeps the timer.
  private func settle() {
    guard phase != .closed, !sendsLater else { return }
    if let workspace, workspace.input.isEmpty, workspace.output.isEmpty { releaseWorkspace() }
    switch phase {
    case .handshaking: break
    case _ where hasOutput || readWaitsForRoom: watch(.writable)
    case .paused: watch(.halfClosed)
    default: watch(.readable)
    }
    keepTime()
  }

  private func watch(_ wanted: Readiness) {
    guard wanted != interest, let registration else { return }
    interest = wanted
    // The descriptor is open and registered, so the call cannot fail.
    try? worker.loop.change(registration, to: wanted)
  }

  private var deadline: ContinuousClock.Instant? {
    switch phase {
    case .handshaking(let end), .lingering(let end): end
    case .open, .paused, .finishing: hasOutput ? writeDeadline : handler.deadline
    case .closed: nil
    }
  }

  /// Sets the timer when the deadline is earlier than what is set.
  ///
  /// A later one is left: the timer fires early, looks, and
  /// is set again, which costs less than moving it for every request.
  private func keepTime() {
    guard let deadline else { return }
    if let timer {
      guard deadline < timer.at else { return }
      worker.loop.cancel(timer.id)
    }
    timer = (deadline, worker.loop.schedule(at: deadline) { [weak self] in self?.timerFired() })
  }

  private func timerFired() {
    timer = nil
    if let deadline, deadline <= worker.now { expire() }
    settle()
  }

  private func expire() {
    switch phase {
    case .handshaking: failHandshake()
    case .open, .paused:
      guard !hasOutput else { return close() }
      withWorkspace { apply(handler.expired($0, now: worker.now)) }
    case .finishing, .lingering: close()
    case .closed: return
    }
  }
}
