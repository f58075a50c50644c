internal import EventLoop
internal import Glibc

/// The few calls to the file system that the agent makes, each with its error named.
enum FileSystem {
  /// The result of a call, or an error that names the operation; interrupted calls are made again.
  @discardableResult
  static func check(_ operation: @autoclosure () -> String, _ call: () -> Int32) throws(SystemError) -> Int32 {
    while true {
      let result = call()
      if result >= 0 { return result }
      let code = errno
      if code != EINTR { throw SystemError(code: .init(rawValue: code), operation: operation()) }
    }
  }

  /// The names in a directory, sorted, without `.` and `..`.
  static func names(in directory: String) throws(SystemError) -> [String] {
    guard let stream = unsafe opendir(directory) else {
      throw SystemError(code: .init(rawValue: errno), operation: "list \(directory)")
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    let code = errno
    guard code == 0 else { throw SystemError(code: .init(rawValue: code), operation: "list \(directory)") }
    return names.sorted()
  }

  /// What a symbolic link points to; nil where there is no link.
  static func linkTarget(_ path: String) -> String? {
    // PATH_MAX: a longer target cannot be followed.
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      let room = unsafe bytes.assumingMemoryBound(to: CChar.self)
      guard let start = room.baseAddress else { return 0 }
      return unsafe readlink(path, start, room.count)
    }
    return count > 0 && count < buffer.count ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }

  /// Whether a path ends like the folders that kubelet swaps: a name with two leading dots.
  static func isSwapFolder(_ path: String) -> Bool {
    path.split(separator: "/").last?.hasPrefix("..") ?? false
  }

  static func makeDirectory(_ path: String) throws(SystemError) {
    try check("make \(path)") { unsafe mkdir(path, 0o755) }
    // The process's mask must not keep the game, which is another user, from reading.
    try check("open up \(path)") { unsafe chmod(path, 0o755) }
  }

  static func rename(_ old: String, to new: String) throws(SystemError) {
    try check("rename \(old) to \(new)") { unsafe Glibc.rename(old, new) }
  }

  static func makeLink(_ path: String, to target: String) throws(SystemError) {
    try check("link \(path)") { unsafe symlink(target, path) }
  }

  /// Removes a file or link, where there is one.
  static func removeFile(_ path: String) throws(SystemError) {
    do {
      try check("remove \(path)") { unsafe unlink(path) }
    } catch {
      if error.code != .notFound { throw error }
    }
  }

  /// Removes a directory and all below it, where there is one.
  static func removeTree(_ path: String) throws(SystemError) {
    guard let status = try FileStatus(path) else { return }
    guard status.kind == .directory else { return try removeFile(path) }
    for name in try names(in: path) { try removeTree("\(path)/\(name)") }
    try check("remove \(path)") { unsafe rmdir(path) }
  }

  /// Writes what a directory's entries are to the disk.
  static func syncDirectory(_ path: String) throws(SystemError) {
    let descriptor = try open(path, O_RDONLY | O_DIRECTORY)
    try check("sync \(path)") { fsync(descriptor.rawValue) }
  }

  /// Opens a file; it is closed on exec and when its owner goes away.
  static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(SystemError) -> Descriptor {
    Descriptor(owning: try check("open \(path)") { unsafe Glibc.open(path, flags | O_CLOEXEC, mode) })
  }

  /// The bytes of a small file; nil where there is none.
  ///
  /// - Throws: `SystemError`, also for a file that is longer than the limit.
  static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8]? {
    let descriptor: Descriptor
    do {
      descriptor = try open(path, O_RDONLY)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while case .bytes(let count) = try descriptor.read(into: &chunk) {
      bytes += chunk[..<count]
      if bytes.count > limit { throw SystemError(code: .init(rawValue: EFBIG), operation: "read \(path)") }
    }
    return bytes
  }

  /// Replaces a small file in one step: readers see the old bytes or the new ones.
  static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
    let temporary = path + "_tmp"
    try write(temporary, bytes)
    try rename(temporary, to: path)
  }

  /// Writes a whole file and its bytes to the disk.
  static func write(_ path: String, _ bytes: [UInt8], flags: Int32 = O_CREAT | O_TRUNC) throws(SystemError) {
    let descriptor = try open(path, O_WRONLY | flags)
    try writeAll(bytes[...], to: descriptor, path)
    try check("sync \(path)") { fsync(descriptor.rawValue) }
  }

  static func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: borrowing Descriptor, _ path: String)
    throws(SystemError)
  {
    var rest = bytes
    while !rest.isEmpty {
      let outcome = unsafe rest.withUnsafeBytes { buffer in
        Result { () throws(SystemError) in try unsafe descriptor.write(buffer) }
      }
      guard case .bytes(let count) = try outcome.get() else {
        throw SystemError(code: .init(rawValue: EIO), operation: "write \(path)")
      }
      rest = rest.dropFirst(count)
    }
  }
}

/// What the file system says of a file, without following a link.
struct FileStatus: Sendable {
  /// What stands at a path.
  enum Kind: Sendable {
    case file, directory, link, other
  }

  let kind: Kind
  let size: Int
  let mode: UInt32
  let inode: UInt64
  /// When the contents changed, in nanoseconds.
  let modified: Int64

  /// Looks at a path; nil where there is nothing.
  init?(_ path: String) throws(SystemError) {
    var info = stat()
    guard unsafe lstat(path, &info) == 0 else {
      let code = errno
      if code == ENOENT || code == ENOTDIR { return nil }
      throw SystemError(code: .init(rawValue: code), operation: "look at \(path)")
    }
    switch info.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    size = Int(info.st_size)
    mode = info.st_mode & 0o777
    inode = UInt64(info.st_ino)
    modified = Int64(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_mtim.tv_nsec)
  }
}
