internal import COpenSSL

/// An X.509 certificate, read or made, never changed.
@safe  // Safe because the certificate is owned here, never changed after init, and counted atomically by OpenSSL.
public final class Certificate: Sendable {
  // Safe to share for the reason above; what OpenSSL caches inside is behind its own lock.
  private nonisolated(unsafe) let x509: OpaquePointer

  init(owning x509: OpaquePointer) {
    unsafe self.x509 = x509
  }

  deinit {
    unsafe X509_free(x509)
  }

  /// Reads every certificate of PEM text, in order; text around them is ignored.
  /// - Throws: `.malformedCertificate` when there is none or one is damaged.
  public static func all(pem: [UInt8]) throws(TLSError) -> [Certificate] {
    ErrorQueue.clear()
    let file = try MemoryFile(pem)
    var certificates: [Certificate] = []
    while let x509 = unsafe file.withFile({ unsafe copenssl_read_certificate($0) }) {
      unsafe certificates.append(Certificate(owning: x509))
    }
    // The end of the text is an error to OpenSSL; any other error is a damaged certificate.
    let last = ERR_peek_last_error()
    guard !certificates.isEmpty, last == 0 || copenssl_error_is_end_of_pem(last) != 0 else {
      throw ErrorQueue.failure(.malformedCertificate, "no usable certificate in PEM form")
    }
    ErrorQueue.clear()
    return certificates
  }

  /// The certificate as PEM text.
  public func pem() throws(TLSError) -> [UInt8] {
    ErrorQueue.clear()
    let file = try MemoryFile()
    guard unsafe file.withFile({ unsafe PEM_write_bio_X509($0, x509) }) == 1 else {
      throw ErrorQueue.failure(.library, "cannot write the certificate")
    }
    return file.bytes
  }

  /// Whether the key is the one that the certificate speaks for.
  public func matches(_ key: PrivateKey) -> Bool {
    ErrorQueue.clear()
    let matches = unsafe key.withKey { unsafe X509_check_private_key(x509, $0) } == 1
    ErrorQueue.clear()
    return matches
  }

  /// Lends OpenSSL's certificate for one call.
  func withX509<R>(_ body: (OpaquePointer) -> R) -> R {
    unsafe body(x509)
  }
}
