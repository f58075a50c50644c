import Glibc

/// Two connected descriptors: what goes into the one comes out of the other; both close by themselves.
///
/// A socket pair rather than a pipe, because it alone can be made, in one step and with what the C library shows to
/// Swift, so that no other child that starts at this moment inherits it.
struct Channel: ~Copyable {
  private var readEnd: Int32
  private(set) var writeEnd: Int32

  init() throws(ChildProcess.Failure) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw ChildProcess.Failure(description: "no socket pair: errno \(errno)")
    }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  /// Gives the end to read from to the caller, and closes the other one.
  consuming func takeReadEnd() -> Int32 {
    let taken = readEnd
    readEnd = -1
    return taken
  }

  /// Gives both ends to the caller.
  consuming func takeBoth() -> (readEnd: Int32, writeEnd: Int32) {
    let taken = (readEnd, writeEnd)
    readEnd = -1
    writeEnd = -1
    return taken
  }

  deinit {
    for end in [readEnd, writeEnd] where end >= 0 { close(end) }
  }
}

/// A file without a name, gone with its descriptor.
final class TemporaryFile: Sendable {
  let descriptor: Int32

  init(contents: [UInt8] = []) throws(ChildProcess.Failure) {
    let name = "/tmp/gatehouse-child-\(UInt64.random(in: .min ... .max))"
    descriptor = unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw ChildProcess.Failure(description: "no temporary file: errno \(errno)") }
    unsafe unlink(name)
    var rest = contents[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw ChildProcess.Failure(description: "cannot write: errno \(errno)") }
      rest = rest.dropFirst(count)
    }
    lseek(descriptor, 0, SEEK_SET)
  }

  deinit {
    close(descriptor)
  }

  /// The contents now; reading does not move the place where the child writes.
  var text: String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes {
        unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(bytes.count))
      }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: chunk[..<count])
    }
  }
}
