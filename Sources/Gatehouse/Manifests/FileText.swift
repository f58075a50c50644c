import Glibc

/// Reads whole files with a limit.
enum FileText {
  /// How a file stands for the user where it is standard input.
  static let standardInput = "<standard input>"

  /// The bytes of a file, or of standard input for `-`.
  ///
  /// - Throws: ``ManifestError`` for a file that cannot be read, is a folder or is longer than `limit`.
  static func read(_ path: String, limit: Int = ManifestLimits.fileBytes) throws(ManifestError) -> [UInt8] {
    let name = path == "-" ? standardInput : path
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    let opening = errno
    guard descriptor >= 0 else { throw ManifestError(name, "cannot be read: \(reason(opening))") }
    defer { if path != "-" { close(descriptor) } }

    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      let reading = errno
      if count < 0 && reading == EINTR { continue }
      guard count >= 0 else { throw ManifestError(name, "cannot be read: \(reason(reading))") }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else {
        throw ManifestError(name, "is longer than \(limit >> 20) MiB, the most that is read of one file")
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// What an `errno` means, in words.
  static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
