internal import EventLoop
internal import TLS

/// A connected socket, with or without TLS over it.
struct Transport: ~Copyable {
  /// What one read or write came to, whichever the layer.
  enum Outcome: Equatable {
    case bytes(Int)
    case wantRead
    case wantWrite
    /// The peer is gone, or has broken the protocol; nothing more can be said to it.
    case closed
  }

  // Order matters: the session is released before the socket is closed.
  private var session: TLSSession?
  let socket: Descriptor

  init(_ socket: consuming Descriptor, _ context: ServerContext?) throws(TLSError) {
    session = if let context { try context.session(over: socket.rawValue) } else { nil }
    self.socket = socket
  }

  /// Whether a handshake comes first.
  var isSecure: Bool {
    switch session {
    case .some: true
    case .none: false
    }
  }

  /// Goes on with the handshake; a plain socket has none.
  mutating func handshake() throws(TLSError) -> HandshakeOutcome {
    try session?.handshake() ?? .finished
  }

  /// The subject of the client's certificate, if it has shown one.
  var clientSubject: String? {
    switch session {
    case .some(let session): session.peerCertificate?.subject
    case .none: nil
    }
  }

  /// Whether bytes were taken from the socket that no readiness will be reported for.
  var hasPending: Bool {
    switch session {
    case .some(let session): session.hasPending
    case .none: false
    }
  }

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
    // A peer that breaks TLS or the network is gone: there is nobody to tell, and nothing to do but to forget it.
    if let outcome = unsafe try? session?.read(into: buffer) { return Outcome(outcome) }
    guard !isSecure else { return .closed }
    return unsafe Outcome((try? socket.read(into: buffer)) ?? .endOfFile, blocked: .wantRead)
  }

  mutating func write(_ buffer: UnsafeRawBufferPointer) -> Outcome {
    if let outcome = unsafe try? session?.write(buffer) { return Outcome(outcome) }
    guard !isSecure else { return .closed }
    return unsafe Outcome((try? socket.write(buffer)) ?? .endOfFile, blocked: .wantWrite)
  }

  /// Reads past TLS, for bytes that nobody looks at.
  func readRaw(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
    unsafe Outcome((try? socket.read(into: buffer)) ?? .endOfFile, blocked: .wantRead)
  }

  /// Lets a client begin that waits for its end of the handshake to be acknowledged.
  func acknowledgePromptly() {
    socket.acknowledgePromptly()
  }

  /// Sends what comes next together with the end: the last answer, TLS's goodbye and the end would wake the client one by one.
  func gatherUntilFinish() {
    socket.gatherUntilFinish()
  }

  /// Tells the peer that nothing more will be sent, and leaves the receiving side open.
  mutating func finishSending() {
    session?.sayGoodbye()
    socket.finishSending()
  }
}

extension Transport.Outcome {
  fileprivate init(_ transfer: TLSTransfer) {
    switch transfer {
    case .bytes(let count): self = .bytes(count)
    case .wantRead: self = .wantRead
    case .wantWrite: self = .wantWrite
    case .closed: self = .closed
    }
  }

  fileprivate init(_ transfer: Transfer, blocked: Transport.Outcome) {
    switch transfer {
    case .bytes(let count): self = .bytes(count)
    case .wouldBlock: self = blocked
    case .endOfFile: self = .closed
    }
  }
}
