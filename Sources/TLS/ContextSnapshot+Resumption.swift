internal import COpenSSL

extension ContextSnapshot {
  /// Gives a ticket to clients that can resume a session, and to nobody else.
  ///
  /// A resumed handshake signs nothing and shows no certificate, which spares both sides about a third of the work. Only
  /// a client that names its key exchange modes can use a ticket (RFC 8446, section 4.2.9); the API server, whose TLS keeps
  /// no sessions, does not name them, and is spared the making and sending of one.
  ///
  /// The key of the tickets lives and dies with this context: after a swap of the pair an old ticket is unknown, and its
  /// client shakes hands in full and sees the new certificate. Resuming still agrees on new keys (`psk_dhe_ke` alone), so
  /// a stolen ticket key opens no recorded traffic; TLS 1.2 has nothing like that, and gets no tickets.
  func offerTickets() {
    unsafe SSL_CTX_set_client_hello_cb(
      context,
      { session, _, _ in
        var start: UnsafePointer<UInt8>?
        var count = 0
        guard let session = unsafe session,
          unsafe SSL_client_hello_get0_ext(session, UInt32(TLSEXT_TYPE_psk_kex_modes), &start, &count) == 1
        else { return SSL_CLIENT_HELLO_SUCCESS }
        unsafe copenssl_allow_tickets(session)
        return SSL_CLIENT_HELLO_SUCCESS
      }, nil)
  }
}
