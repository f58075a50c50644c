internal import COpenSSL
internal import Glibc

/// What one step of a handshake came to.
public enum HandshakeOutcome: Sendable, Equatable {
  /// Both sides agree; bytes may flow.
  case finished
  /// The peer must send more first.
  case wantRead
  /// The socket must take more first.
  case wantWrite
  /// The peer has gone.
  case closed
}

/// What one read or write over TLS came to.
public enum TLSTransfer: Sendable, Equatable {
  /// So many plain bytes moved, at least one.
  case bytes(Int)
  /// The peer must send more first.
  case wantRead
  /// The socket must take more first.
  case wantWrite
  /// The peer has closed, with or without saying so; HTTP's own lengths tell whether something is missing.
  case closed
}

/// One TLS connection over a non-blocking socket that somebody else owns.
@safe  // Safe because the session is owned here, used by one thread at a time (~Copyable), and freed in deinit.
public struct TLSSession: ~Copyable, @unchecked Sendable {
  // Safe to send because ownership is unique: whoever holds the value is alone.
  private let ssl: OpaquePointer
  /// Held so that the callbacks of the context outlive the session, also after a swap of the pair.
  private let context: any AnyObject & Sendable

  init(context: ContextSnapshot, socket: Int32) throws(TLSError) {
    ErrorQueue.clear()
    guard let ssl = unsafe context.withContext({ unsafe SSL_new($0) }) else {
      throw ErrorQueue.failure(.library, "cannot make a TLS session")
    }
    guard unsafe SSL_set_fd(ssl, socket) == 1 else {
      unsafe SSL_free(ssl)
      throw ErrorQueue.failure(.library, "cannot attach the socket")
    }
    unsafe SSL_set_accept_state(ssl)
    unsafe self.ssl = ssl
    self.context = context
  }

  /// Begins the client's side towards a server of that name.
  @unsafe init(
    connecting context: OpaquePointer, heldBy holder: ClientContext, to name: String, socket: Int32
  ) throws(TLSError) {
    ErrorQueue.clear()
    guard let ssl = unsafe SSL_new(context) else {
      throw ErrorQueue.failure(.library, "cannot make a TLS session")
    }
    guard unsafe SSL_set_fd(ssl, socket) == 1, unsafe SSL_set1_host(ssl, name) == 1,
      unsafe copenssl_set_server_name(ssl, name) == 1
    else {
      unsafe SSL_free(ssl)
      throw ErrorQueue.failure(.library, "cannot attach the socket")
    }
    unsafe SSL_set_connect_state(ssl)
    unsafe self.ssl = ssl
    self.context = holder
  }

  deinit {
    unsafe SSL_free(ssl)
  }

  /// Goes as far in the handshake as the socket allows.
  /// - Throws: `.handshakeFailed` with OpenSSL's reason; the peer has been sent the alert.
  public mutating func handshake() throws(TLSError) -> HandshakeOutcome {
    ErrorQueue.clear()
    let result = unsafe SSL_do_handshake(ssl)
    if result == 1 { return .finished }
    switch unsafe SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ: return .wantRead
    case SSL_ERROR_WANT_WRITE: return .wantWrite
    case SSL_ERROR_ZERO_RETURN: return .closed
    case SSL_ERROR_SYSCALL where ERR_peek_error() == 0: return .closed
    default: throw ErrorQueue.failure(.handshakeFailed, "the TLS handshake failed")
    }
  }

  /// Reads plain bytes, one record's worth at most.
  /// - Throws: `.brokenConnection` when the peer breaks the protocol; the session is of no further use.
  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(TLSError) -> TLSTransfer {
    ErrorQueue.clear()
    var count = 0
    if unsafe SSL_read_ex(ssl, buffer.baseAddress, buffer.count, &count) == 1 { return .bytes(count) }
    return try outcome("reading over TLS failed")
  }

  /// Writes plain bytes, perhaps fewer than given.
  /// - Throws: `.brokenConnection` when the peer breaks the protocol; the session is of no further use.
  public mutating func write(_ buffer: UnsafeRawBufferPointer) throws(TLSError) -> TLSTransfer {
    ErrorQueue.clear()
    var count = 0
    if unsafe SSL_write_ex(ssl, buffer.baseAddress, buffer.count, &count) == 1 { return .bytes(count) }
    return try outcome("writing over TLS failed")
  }

  /// Whether bytes have been taken from the socket and not been read yet: then no readiness will be reported for them.
  public var hasPending: Bool { unsafe SSL_has_pending(ssl) == 1 }

  /// Tells the peer that nothing more will be sent (`close_notify`); best effort, once.
  public mutating func sayGoodbye() {
    ErrorQueue.clear()
    _ = unsafe SSL_shutdown(ssl)
    ErrorQueue.clear()
  }

  /// The certificate that the client has shown and proven, if any; verified when authorities were configured.
  public var peerCertificate: Certificate? {
    guard let x509 = unsafe SSL_get1_peer_certificate(ssl) else { return nil }
    return unsafe Certificate(owning: x509)
  }

  private func outcome(_ reason: String) throws(TLSError) -> TLSTransfer {
    switch unsafe SSL_get_error(ssl, 0) {
    case SSL_ERROR_WANT_READ: return .wantRead
    case SSL_ERROR_WANT_WRITE: return .wantWrite
    case SSL_ERROR_ZERO_RETURN: return .closed
    case SSL_ERROR_SYSCALL where ERR_peek_error() == 0: return .closed
    default: throw ErrorQueue.failure(.brokenConnection, reason)
    }
  }
}
