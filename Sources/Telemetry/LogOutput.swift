import Glibc

/// Takes finished log lines.
public protocol LogOutput: Sendable {
  /// Writes one line, which ends with its line feed and is at most ``LogLine/maximumBytes`` long.
  func write(_ line: [UInt8])
}

/// Standard error, one `write(2)` a line.
///
/// No lock: POSIX keeps writes of at most `PIPE_BUF` bytes to a pipe whole, and a line is never longer.
public struct StandardErrorOutput: LogOutput {
  /// Creates the output.
  public init() {}

  /// Writes the line; when standard error is closed or full and not blocking, the line is lost.
  ///
  /// Nobody could be told of the loss, and a log must not stop the server.
  public func write(_ line: [UInt8]) {
    var rest = line[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
