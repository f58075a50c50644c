internal import COpenSSL
internal import Glibc

extension Certificate {
  /// Whom the certificate speaks for, as RFC 2253 text such as `CN=gatehouse,O=example`.
  public var subject: String {
    unsafe withX509 { unsafe Self.text(of: X509_get_subject_name($0)) }
  }

  /// Who signed it, as RFC 2253 text.
  public var issuer: String {
    unsafe withX509 { unsafe Self.text(of: X509_get_issuer_name($0)) }
  }

  /// The first moment at which it is valid.
  public var notBefore: UnixTime {
    unsafe withX509 { unsafe UnixTime(seconds: copenssl_seconds(X509_get0_notBefore($0))) }
  }

  /// The last moment at which it is valid.
  public var notAfter: UnixTime {
    unsafe withX509 { unsafe UnixTime(seconds: copenssl_seconds(X509_get0_notAfter($0))) }
  }

  /// The DNS names and IP addresses that it covers, in the certificate's order; names of other kinds are left out.
  public var names: [AlternativeName] {
    unsafe withX509 { unsafe Self.names(of: $0) }
  }

  /// Whether it may sign other certificates.
  public var isAuthority: Bool {
    unsafe withX509 { unsafe X509_check_ca($0) } == 1
  }

  /// SHA-256 over the DER form, in lower-case hexadecimal: 64 characters.
  public var fingerprint: String {
    var digest = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 32
    guard unsafe withX509({ unsafe X509_digest($0, EVP_sha256(), &digest, &count) }) == 1 else { return "" }
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  private static func text(of name: OpaquePointer?) -> String {
    guard let name = unsafe name, let file = try? MemoryFile() else { return "" }
    _ = unsafe file.withFile { unsafe copenssl_print_name($0, name) }
    return String(decoding: file.bytes, as: UTF8.self)
  }

  private static func names(of x509: OpaquePointer) -> [AlternativeName] {
    guard let list = unsafe X509_get_ext_d2i(x509, NID_subject_alt_name, nil, nil) else { return [] }
    let names = OpaquePointer(list)
    defer { unsafe copenssl_free_names(names) }
    let count = unsafe copenssl_name_count(names)
    return (0..<count).compactMap { index in
      var isAddress: Int32 = 0
      var length: Int32 = 0
      guard let start = unsafe copenssl_name(names, index, &isAddress, &length) else { return nil }
      let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: Int(length)))
      return isAddress != 0 ? AlternativeName(octets: bytes) : .dns(String(decoding: bytes, as: UTF8.self))
    }
  }
}
