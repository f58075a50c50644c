internal import COpenSSL

/// What client sessions are made from: they trust the given authorities and nobody else.
///
/// For programs that measure or probe a server in their own process; the API server is spoken to over libcurl.
@safe  // Safe because the context is owned here, only read after init, and counted atomically by OpenSSL.
public final class ClientContext: Sendable {
  // Safe to share for the reason above.
  private nonisolated(unsafe) let context: OpaquePointer

  /// A context for servers whose certificates the authorities have signed.
  /// - Throws: `.library` when OpenSSL refuses a setting or has no memory.
  public init(trusting authorities: [Certificate]) throws(TLSError) {
    ErrorQueue.clear()
    let store = try TrustStore(authorities)
    guard let context = unsafe SSL_CTX_new(TLS_client_method()) else {
      throw ErrorQueue.failure(.library, "cannot make a TLS context")
    }
    unsafe self.context = context
    unsafe copenssl_set_modes(context)
    unsafe copenssl_disable_session_cache(context)
    unsafe store.withStore { store in
      // The context takes over one count of the store.
      unsafe X509_STORE_up_ref(store)
      unsafe SSL_CTX_set_cert_store(context, store)
    }
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
  }

  deinit {
    unsafe SSL_CTX_free(context)
  }

  /// Begins a session over a connected, non-blocking socket, which the caller keeps open longer than the session.
  /// - Parameter name: The DNS name that the server's certificate has to cover.
  public func session(over socket: Int32, to name: String) throws(TLSError) -> TLSSession {
    try unsafe TLSSession(connecting: context, heldBy: self, to: name, socket: socket)
  }
}
