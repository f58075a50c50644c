import Glibc

/// Wakes a thread that waits for descriptors, from any other thread.
///
/// Not curl's own wake-up, because that one wakes only who waits inside curl.
final class WakePipe: Sendable {
  /// Readable when somebody called ``wake()`` since the last ``drain()``.
  let readEnd: Int32
  private let writeEnd: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    // Sockets and not a pipe, because a pipe could be inherited by a credential program that starts before it is marked.
    let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    let status = unsafe socketpair(AF_UNIX, Int32(type), 0, &ends)
    precondition(status == 0, "no descriptors are left to wake the client's thread with")
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Ends the wait of who waits for ``readEnd``; where there is no room for another byte, it is readable already.
  func wake() {
    var byte: UInt8 = 1
    unsafe _ = write(writeEnd, &byte, 1)
  }

  /// Takes the wake-ups out; those that do not fit into one read are taken the next time.
  func drain() {
    var bytes: (UInt64, UInt64) = (0, 0)
    unsafe _ = read(readEnd, &bytes, 16)
  }
}
