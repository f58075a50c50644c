/// A certificate chain with its private key, checked to belong together.
public struct Identity: Sendable {
  /// The certificates, the own one first, then those that lead to an authority.
  public let chain: [Certificate]
  /// The key of the first certificate.
  public let key: PrivateKey

  /// Pairs a chain with its key.
  /// - Throws: `.mismatchedPair` when the key is another certificate's; `.malformedCertificate` for an empty chain.
  public init(chain: [Certificate], key: PrivateKey) throws(TLSError) {
    guard let leaf = chain.first else {
      throw TLSError(code: .malformedCertificate, reason: "the certificate chain is empty")
    }
    guard leaf.matches(key) else {
      throw TLSError(code: .mismatchedPair, reason: "the private key is not that of \(leaf.subject)")
    }
    self.chain = chain
    self.key = key
  }

  /// Reads a pair as Kubernetes keeps it in `tls.crt` and `tls.key`.
  /// - Throws: What is malformed, or `.mismatchedPair` for files of two different pairs (one was read before, the other
  ///   after a renewal: read again).
  public init(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(TLSError) {
    try self.init(chain: try Certificate.all(pem: certificatePEM), key: try PrivateKey(pem: keyPEM))
  }

  /// The own certificate.
  public var certificate: Certificate { chain[0] }

  /// The whole chain as PEM text.
  public func certificatePEM() throws(TLSError) -> [UInt8] {
    var text: [UInt8] = []
    for certificate in chain { text += try certificate.pem() }
    return text
  }

  /// The key as PEM text.
  public func keyPEM() throws(TLSError) -> [UInt8] {
    try key.pem()
  }
}
