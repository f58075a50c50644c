internal import COpenSSL

extension Certificate {
  /// Checks that clients who trust the authorities would accept this certificate as a server's.
  /// - Parameters:
  ///   - intermediates: The rest of the chain, in any order.
  ///   - time: When the client looks.
  /// - Throws: `.untrusted` with OpenSSL's reason.
  public func verify(
    trusting authorities: [Certificate], intermediates: [Certificate] = [], at time: UnixTime = .now
  ) throws(TLSError) {
    ErrorQueue.clear()
    let store = try TrustStore(authorities)
    let result = unsafe Self.withAll(intermediates) { pointers in
      unsafe withX509 { leaf in
        unsafe store.withStore { unsafe copenssl_verify(leaf, $0, pointers, Int32(pointers.count), time.seconds) }
      }
    }
    ErrorQueue.clear()
    guard result == X509_V_OK else {
      let reason = unsafe String(cString: X509_verify_cert_error_string(Int(result)))
      throw TLSError(code: .untrusted, reason: "\(subject) is not trusted", detail: reason)
    }
  }

  /// Checks that the certificate covers a name as clients compare it (RFC 6125; the common name does not count).
  /// - Throws: `.wrongName` with the names that it does cover.
  public func verify(covers name: AlternativeName) throws(TLSError) {
    let covered =
      switch name {
      case .dns(let text):
        unsafe withX509 {
          unsafe X509_check_host($0, text, text.utf8.count, UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT), nil)
        }
      case .address(let text): unsafe withX509 { unsafe X509_check_ip_asc($0, text, 0) }
      }
    guard covered == 1 else {
      let names = names.map(\.description).joined(separator: ", ")
      throw TLSError(code: .wrongName, reason: "\(subject) covers [\(names)], not \(name)")
    }
  }

  private static func withAll<R>(_ certificates: [Certificate], _ body: ([OpaquePointer?]) -> R) -> R {
    let pointers = unsafe certificates.map { unsafe $0.withX509 { unsafe Optional($0) } }
    defer { withExtendedLifetime(certificates) {} }
    return unsafe body(pointers)
  }
}

/// The authorities that are trusted, as OpenSSL's store.
@safe  // Safe because the store is owned here, never leaves but for the length of a call, and is freed in deinit.
struct TrustStore: ~Copyable {
  private let store: OpaquePointer

  init(_ authorities: [Certificate]) throws(TLSError) {
    guard let store = unsafe X509_STORE_new() else { throw ErrorQueue.failure(.library, "out of memory") }
    for authority in authorities {
      let added = unsafe authority.withX509 { unsafe X509_STORE_add_cert(store, $0) }
      guard added == 1 else {
        unsafe X509_STORE_free(store)
        throw ErrorQueue.failure(.library, "cannot trust \(authority.subject)")
      }
    }
    unsafe self.store = store
  }

  deinit {
    unsafe X509_STORE_free(store)
  }

  func withStore<R>(_ body: (OpaquePointer) -> R) -> R {
    unsafe body(store)
  }
}
