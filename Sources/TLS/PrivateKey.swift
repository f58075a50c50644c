internal import COpenSSL

/// A private key; nothing but PEM text and signatures leaves it.
@safe  // Safe because the key is owned here, never changed after init, and counted atomically by OpenSSL.
public final class PrivateKey: Sendable {
  // Safe to share for the reason above; OpenSSL's keys may be used by many threads at once.
  private nonisolated(unsafe) let key: OpaquePointer

  private init(owning key: OpaquePointer) {
    unsafe self.key = key
  }

  deinit {
    unsafe EVP_PKEY_free(key)
  }

  /// Makes a new ECDSA key on the curve P-256.
  public static func generate() throws(TLSError) -> PrivateKey {
    ErrorQueue.clear()
    guard let key = unsafe copenssl_make_p256_key() else {
      throw ErrorQueue.failure(.library, "cannot make a P-256 key")
    }
    return unsafe PrivateKey(owning: key)
  }

  /// Reads the first private key of PEM text (PKCS #8, SEC 1 or PKCS #1).
  /// - Throws: `.malformedKey` when there is none, or when it is encrypted.
  public convenience init(pem: [UInt8]) throws(TLSError) {
    ErrorQueue.clear()
    let file = try MemoryFile(pem)
    guard let key = unsafe file.withFile({ unsafe copenssl_read_private_key($0) }) else {
      throw ErrorQueue.failure(.malformedKey, "no usable private key in PEM form")
    }
    unsafe self.init(owning: key)
  }

  /// The key as unencrypted PKCS #8 PEM text.
  public func pem() throws(TLSError) -> [UInt8] {
    ErrorQueue.clear()
    let file = try MemoryFile()
    guard unsafe file.withFile({ unsafe copenssl_write_private_key($0, key) }) == 1 else {
      throw ErrorQueue.failure(.library, "cannot write the private key")
    }
    return file.bytes
  }

  /// Lends OpenSSL's key for one call.
  func withKey<R>(_ body: (OpaquePointer) -> R) -> R {
    unsafe body(key)
  }
}
