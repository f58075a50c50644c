internal import COpenSSL

extension Identity {
  /// How far back a new certificate begins, for clients whose clock is behind.
  private static let clockSkew = Duration.seconds(300)

  /// Makes a self-signed authority with an ECDSA P-256 key, which may sign serving certificates and nothing deeper.
  /// - Parameters:
  ///   - commonName: At most 64 characters (RFC 5280).
  ///   - validity: How long it lives, from `now`.
  public static func makeAuthority(
    commonName: String, validity: Duration, now: UnixTime = .now
  ) throws(TLSError) -> Identity {
    let key = try PrivateKey.generate()
    let draft = try Draft(commonName: commonName, from: now - clockSkew, to: now + validity, key: key)
    try draft.name(issuerOf: nil)
    try draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: nil)
    try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: nil)
    try draft.add(NID_subject_key_identifier, "hash", issuer: nil)
    return try Identity(chain: [try draft.sign(with: key)], key: key)
  }

  /// Signs a new serving pair (ECDSA P-256, `serverAuth`) with this authority; it never outlives the authority.
  ///
  /// The chain holds the new certificate only: clients are given the authority in `caBundle`.
  /// - Parameters:
  ///   - names: What clients may call the server; clients look here only, never at the common name (RFC 6125).
  ///   - validity: How long it lives, from `now`.
  /// - Throws: `.malformedName` without names, `.untrusted` when this is no authority.
  public func issueServing(
    commonName: String, names: [AlternativeName], validity: Duration, now: UnixTime = .now
  ) throws(TLSError) -> Identity {
    guard certificate.isAuthority else {
      throw TLSError(code: .untrusted, reason: "\(certificate.subject) may not sign certificates")
    }
    guard !names.isEmpty else {
      throw TLSError(code: .malformedName, reason: "a serving certificate needs at least one name")
    }
    return try issue(commonName: commonName, use: "serverAuth", names: names, validity: validity, now: now)
  }

  /// Signs a new pair for one extended key usage (RFC 5280, section 4.2.1.12), such as `clientAuth`, with this authority.
  func issue(
    commonName: String, use: String, names: [AlternativeName] = [], validity: Duration, now: UnixTime = .now
  ) throws(TLSError) -> Identity {
    let key = try PrivateKey.generate()
    let end = min(now + validity, certificate.notAfter)
    let draft = try Draft(commonName: commonName, from: now - Self.clockSkew, to: end, key: key)
    try draft.name(issuerOf: certificate)
    try draft.add(NID_basic_constraints, "critical,CA:FALSE", issuer: certificate)
    try draft.add(NID_key_usage, "critical,digitalSignature", issuer: certificate)
    try draft.add(NID_ext_key_usage, use, issuer: certificate)
    try draft.add(NID_subject_key_identifier, "hash", issuer: certificate)
    try draft.add(NID_authority_key_identifier, "keyid:always", issuer: certificate)
    if !names.isEmpty {
      try draft.add(NID_subject_alt_name, names.map(\.extensionText).joined(separator: ","), issuer: certificate)
    }
    return try Identity(chain: [try draft.sign(with: self.key)], key: key)
  }
}

/// A certificate in the making; it becomes a `Certificate` when it is signed.
@safe  // Safe because the certificate is owned here until `sign` gives it a second owner, and freed in deinit.
private struct Draft: ~Copyable {
  private let x509: OpaquePointer

  init(commonName: String, from start: UnixTime, to end: UnixTime, key: PrivateKey) throws(TLSError) {
    guard (1...64).contains(commonName.unicodeScalars.count) else {
      throw TLSError(code: .malformedName, reason: "a common name has 1 to 64 characters, not \"\(commonName)\"")
    }
    ErrorQueue.clear()
    guard let x509 = unsafe X509_new() else { throw ErrorQueue.failure(.library, "out of memory") }
    let subject = unsafe X509_get_subject_name(x509)
    let name = Array(commonName.utf8)
    // X.509 v3 is number 2.
    var done = unsafe X509_set_version(x509, 2) == 1 && copenssl_set_random_serial(x509) == 1
    done = unsafe ASN1_TIME_set(X509_getm_notBefore(x509), Int(start.seconds)) != nil && done
    done = unsafe ASN1_TIME_set(X509_getm_notAfter(x509), Int(end.seconds)) != nil && done
    done = unsafe copenssl_add_common_name(subject, name, Int32(name.count)) == 1 && done
    done = unsafe key.withKey { unsafe X509_set_pubkey(x509, $0) } == 1 && done
    guard done else {
      unsafe X509_free(x509)
      throw ErrorQueue.failure(.library, "cannot fill in the certificate")
    }
    unsafe self.x509 = x509
  }

  deinit {
    unsafe X509_free(x509)
  }

  /// Names the issuer: the given certificate's subject, or its own subject when it signs itself.
  func name(issuerOf issuer: Certificate?) throws(TLSError) {
    let done =
      unsafe issuer?.withX509 { unsafe X509_set_issuer_name(x509, X509_get_subject_name($0)) }
      ?? X509_set_issuer_name(x509, X509_get_subject_name(x509))
    guard done == 1 else { throw ErrorQueue.failure(.library, "cannot name the issuer") }
  }

  func add(_ kind: Int32, _ value: String, issuer: Certificate?) throws(TLSError) {
    let done =
      unsafe issuer?.withX509 { unsafe copenssl_add_extension(x509, $0, kind, value) }
      ?? copenssl_add_extension(x509, x509, kind, value)
    guard done == 1 else { throw ErrorQueue.failure(.malformedName, "cannot add \"\(value)\" to the certificate") }
  }

  func sign(with key: PrivateKey) throws(TLSError) -> Certificate {
    guard unsafe key.withKey({ unsafe X509_sign(x509, $0, EVP_sha256()) }) > 0 else {
      throw ErrorQueue.failure(.library, "cannot sign the certificate")
    }
    unsafe X509_up_ref(x509)
    return unsafe Certificate(owning: x509)
  }
}
