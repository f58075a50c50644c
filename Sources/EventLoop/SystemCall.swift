internal import Glibc

/// What one non-blocking transfer came to; a peer that closed and a socket that has nothing are not errors.
public enum Transfer: Sendable, Equatable {
  /// So many bytes moved, at least one.
  case bytes(Int)
  /// Nothing can move until the descriptor is ready again.
  case wouldBlock
  /// The peer has closed its sending side, or is gone altogether.
  case endOfFile
}

/// Runs a call that returns its result or the negated error number, again as long as a signal interrupts it.
@inline(__always)
func systemCall(_ operation: @autoclosure () -> String, _ call: () -> Int) throws(SystemError) -> Int {
  while true {
    let result = call()
    if result >= 0 { return result }
    if result == -Int(EINTR) { continue }
    throw SystemError(code: .init(rawValue: Int32(-result)), operation: operation())
  }
}

/// The result of a plain C call in the convention of `systemCall`: errno is read on the very next line.
@inline(__always)
func negatedErrno(_ result: Int) -> Int {
  result < 0 ? -Int(errno) : result
}

/// Runs a read or write and names its outcome; a reset or broken connection counts as the end of the file, because the
/// caller does the same in both cases: it forgets the peer.
@inline(__always)
func transfer(_ operation: StaticString, _ call: () -> Int) throws(SystemError) -> Transfer {
  while true {
    let result = call()
    if result > 0 { return .bytes(result) }
    switch Int32(-result) {
    case 0, ECONNRESET, EPIPE, ENOTCONN: return .endOfFile
    case EAGAIN: return .wouldBlock
    case EINTR: continue
    case let code: throw SystemError(code: .init(rawValue: code), operation: "\(operation)")
    }
  }
}
