internal import COpenSSL

/// OpenSSL's file in memory: where PEM text is read from and written to.
@safe  // Safe because the BIO is owned here, never leaves but for the length of a call, and is freed in deinit.
struct MemoryFile: ~Copyable {
  private let bio: OpaquePointer

  /// An empty file to write into.
  init() throws(TLSError) {
    guard let bio = unsafe BIO_new(BIO_s_mem()) else { throw ErrorQueue.failure(.library, "out of memory") }
    unsafe self.bio = bio
  }

  /// A file that holds a copy of the bytes.
  init(_ bytes: [UInt8]) throws(TLSError) {
    guard let bio = unsafe BIO_new(BIO_s_mem()) else { throw ErrorQueue.failure(.library, "out of memory") }
    let written = unsafe BIO_write(bio, bytes, Int32(clamping: bytes.count))
    guard bytes.isEmpty || written == bytes.count else {
      unsafe BIO_free_all(bio)
      throw ErrorQueue.failure(.library, "out of memory")
    }
    unsafe self.bio = bio
  }

  deinit {
    unsafe BIO_free_all(bio)
  }

  /// Lends the file for one call.
  func withFile<R>(_ body: (OpaquePointer) -> R) -> R {
    unsafe body(bio)
  }

  /// What was written.
  var bytes: [UInt8] {
    var start: UnsafeMutablePointer<CChar>?
    let count = unsafe copenssl_memory_data(bio, &start)
    guard count > 0, let start = unsafe start else { return [] }
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }
}
