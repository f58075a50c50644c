internal import COpenSSL

/// One OpenSSL context with its pair and settings, never changed after it is made.
@safe  // Safe because the context is owned here, only read after init, and counted atomically by OpenSSL.
final class ContextSnapshot: Sendable {
  // AEAD suites with forward secrecy only. AES-128 first: as safe here, and less work per byte than AES-256.
  private static let suites13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
  private static let suites12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

  // Safe to share for the reason above.
  nonisolated(unsafe) let context: OpaquePointer
  /// The protocols in the wire form of ALPN: each with its length in front.
  private let protocols: [UInt8]

  init(identity: Identity, settings: ServerSettings) throws(TLSError) {
    ErrorQueue.clear()
    guard let context = unsafe SSL_CTX_new(TLS_server_method()) else {
      throw ErrorQueue.failure(.library, "cannot make a TLS context")
    }
    unsafe self.context = context
    protocols = settings.protocols.flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8) }
    try configure()
    try use(identity)
    // A resumed session would carry the client's certificate of another day: who must show one shows it every time.
    if let authorities = settings.clientAuthorities {
      try demandClientCertificates(of: authorities)
    } else {
      offerTickets()
    }
    if !protocols.isEmpty { selectProtocols() }
  }

  deinit {
    unsafe SSL_CTX_free(context)
  }

  /// Lends OpenSSL's context for one call.
  func withContext<R>(_ body: (OpaquePointer) -> R) -> R {
    unsafe body(context)
  }

  private func configure() throws(TLSError) {
    unsafe copenssl_set_options(context)
    unsafe copenssl_set_modes(context)
    unsafe copenssl_disable_session_cache(context)
    unsafe copenssl_set_read_ahead(context)
    var done = unsafe copenssl_set_min_protocol(context, TLS1_2_VERSION) == 1
    done = unsafe SSL_CTX_set_num_tickets(context, 0) == 1 && done
    done = unsafe SSL_CTX_set_ciphersuites(context, Self.suites13) == 1 && done
    done = unsafe SSL_CTX_set_cipher_list(context, Self.suites12) == 1 && done
    done = unsafe copenssl_set_groups(context, "X25519:P-256:P-384") == 1 && done
    guard done else { throw ErrorQueue.failure(.library, "OpenSSL refuses a setting") }
  }

  private func use(_ identity: Identity) throws(TLSError) {
    var done = unsafe identity.certificate.withX509 { unsafe SSL_CTX_use_certificate(context, $0) } == 1
    for certificate in identity.chain.dropFirst() {
      done = unsafe certificate.withX509 { unsafe copenssl_add_chain_certificate(context, $0) } == 1 && done
    }
    done = unsafe identity.key.withKey { unsafe SSL_CTX_use_PrivateKey(context, $0) } == 1 && done
    guard done else {
      throw ErrorQueue.failure(.library, "OpenSSL refuses the pair of \(identity.certificate.subject)")
    }
  }

  private func demandClientCertificates(of authorities: [Certificate]) throws(TLSError) {
    let store = try TrustStore(authorities)
    unsafe store.withStore { store in
      // The context takes over one count of the store.
      unsafe X509_STORE_up_ref(store)
      unsafe SSL_CTX_set_cert_store(context, store)
    }
    for authority in authorities {
      _ = unsafe authority.withX509 { unsafe copenssl_add_client_authority(context, $0) }
    }
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
  }

  private func selectProtocols() {
    // Unretained: the callback runs inside a session's handshake, and every session holds this object.
    unsafe SSL_CTX_set_alpn_select_cb(
      context,
      { _, chosen, chosenLength, offered, offeredLength, argument in
        guard let argument = unsafe argument, let chosen = unsafe chosen else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        let snapshot = unsafe Unmanaged<ContextSnapshot>.fromOpaque(argument).takeUnretainedValue()
        return unsafe snapshot.select(chosen, chosenLength, offered, offeredLength)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func select(
    _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>, _ chosenLength: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?, _ offeredLength: UInt32
  ) -> Int32 {
    unsafe protocols.withUnsafeBufferPointer { own in
      var selected: UnsafeMutablePointer<UInt8>?
      let result = unsafe SSL_select_next_proto(
        &selected, chosenLength, own.baseAddress, UInt32(own.count), offered, offeredLength)
      unsafe chosen.pointee = unsafe UnsafePointer(selected)
      // RFC 7301, section 3.2: nothing in common ends the handshake with no_application_protocol.
      return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL
    }
  }
}
