import Glibc

/// Reads whole files with a limit.
enum FileText {
  /// How a file stands for the user where it is standard input.
  static let standardInput = "<standard input>"

  /// The bytes of a file, or of standard input for `-`.
  ///
  /// - Throws: ``InputError`` for a file that cannot be read, is a folder or is longer than `limit`.
  static func read(_ path: String, limit: Int = ManifestLimits.fileBytes) throws(InputError) -> [UInt8] {
    let name = path == "-" ? standardInput : path
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    let opening = errno
    guard descriptor >= 0 else { throw InputError(name, "cannot be read: \(reason(opening))") }
    defer { if path != "-" { close(descriptor) } }

    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      let reading = errno
      if count < 0 && reading == EINTR { continue }
      guard count >= 0 else { throw InputError(name, "cannot be read: \(reason(reading))") }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else {
        throw InputError(name, "is longer than \(limit >> 20) MiB, the most that is read of one file")
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// What an `errno` means, in words.
  static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

extension FileText {
  /// Writes a file by way of another name, so that no reader sees half of it.
  ///
  /// - Parameter mode: The permissions of the new file, such as `0o600` for a key.
  /// - Throws: ``InputError`` that names the file and the system's reason.
  static func write(_ path: String, _ bytes: [UInt8], mode: mode_t) throws(InputError) {
    let draft = "\(path).new"
    unsafe unlink(draft)
    let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    let opening = errno
    guard descriptor >= 0 else { throw InputError(path, "cannot be written: \(reason(opening))") }
    var rest = bytes[...]
    var failure: Int32 = 0
    while !rest.isEmpty, failure == 0 {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      let writing = errno
      if count >= 0 { rest = rest.dropFirst(count) } else if writing != EINTR { failure = writing }
    }
    // Exactly this mode, whatever the umask is.
    if failure == 0, fchmod(descriptor, mode) != 0 || fsync(descriptor) != 0 { failure = errno }
    close(descriptor)
    if failure == 0, unsafe rename(draft, path) != 0 { failure = errno }
    guard failure == 0 else {
      unsafe unlink(draft)
      throw InputError(path, "cannot be written: \(reason(failure))")
    }
  }

  /// Makes a folder and those above it; one that is there is no error.
  static func makeFolder(_ path: String) throws(InputError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made == "/" ? String(part) : "/\(part)"
      guard unsafe mkdir(made, 0o755) == 0 || errno == EEXIST else {
        let code = errno
        throw InputError(path, "cannot be made: \(reason(code))")
      }
    }
  }

  /// Whether something is there under that name.
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}
