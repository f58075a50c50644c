import Glibc

/// Reads the small files of a configuration whole.
enum SmallFile {
  /// Bytes of the largest file that is read: bundles of authorities have some 200 KiB.
  static let limit = 4 << 20

  /// The contents of a file.
  ///
  /// - Throws: ``ConfigurationError`` `.unreadable` with the path and the system's reason.
  static func read(_ path: String) throws(ConfigurationError) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        throw failure(path, code)
      }
      guard count > 0 else { return bytes }
      guard bytes.count + count <= limit else {
        throw ConfigurationError(.unreadable, "\(path) is larger than \(limit) bytes")
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// The contents of a file of text without white space at its ends.
  ///
  /// - Throws: ``ConfigurationError`` `.unreadable` with the path and the system's reason.
  static func text(_ path: String) throws(ConfigurationError) -> String {
    let text = String(decoding: try read(path), as: UTF8.self)
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }

  private static func failure(_ path: String, _ code: Int32) -> ConfigurationError {
    ConfigurationError(.unreadable, "cannot read \(path): \(unsafe String(cString: strerror(code)))")
  }
}
