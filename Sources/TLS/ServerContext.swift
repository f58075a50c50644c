internal import COpenSSL
internal import Synchronization

/// What a TLS server is given besides its pair.
public struct ServerSettings: Sendable {
  /// The application protocols, most wanted first (ALPN, RFC 7301).
  ///
  /// A client that offers none is taken; one that offers others only is refused.
  public var protocols: [String]
  /// The authorities of client certificates; `nil` asks for no certificate, a list demands one.
  public var clientAuthorities: [Certificate]?

  /// HTTP/1.1 for any client.
  public init(protocols: [String] = ["http/1.1"], clientAuthorities: [Certificate]? = nil) {
    self.protocols = protocols
    self.clientAuthorities = clientAuthorities
  }
}

/// What new TLS sessions are made from; its pair can be swapped at any time.
///
/// A swap builds a whole new OpenSSL context and publishes it: sessions of the old one, in handshake or established,
/// keep it until they end, so no connection is dropped and no handshake fails.
public final class ServerContext: Sendable {
  private let settings: ServerSettings
  private let current: Mutex<ContextSnapshot>

  /// Builds the first context.
  /// - Throws: `.library` when OpenSSL refuses the pair or a setting.
  public init(identity: Identity, settings: ServerSettings = ServerSettings()) throws(TLSError) {
    self.settings = settings
    current = Mutex(try ContextSnapshot(identity: identity, settings: settings))
  }

  /// Shows another pair to new sessions; on failure the last good one stays.
  public func replace(with identity: Identity) throws(TLSError) {
    let next = try ContextSnapshot(identity: identity, settings: settings)
    current.withLock { $0 = next }
  }

  /// Begins a session over a connected, non-blocking socket, which the caller keeps open longer than the session.
  public func session(over socket: Int32) throws(TLSError) -> TLSSession {
    try TLSSession(context: current.withLock { $0 }, socket: socket)
  }
}
