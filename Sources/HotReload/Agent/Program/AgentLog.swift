internal import Glibc
internal import JSON

/// Lines of JSON on standard error, and the one line on standard output.
enum AgentLog {
  /// Writes a line with fields; sorted, so that lines compare.
  static func line(_ message: String, _ fields: [String: String] = [:]) {
    var value: JSONValue = ["message": .string(message)]
    for (name, text) in fields.sorted(by: { $0.key < $1.key }) { value[name] = .string(text) }
    write(value.text + "\n", to: STDERR_FILENO)
  }

  /// Writes a line for the one who started the program.
  static func print(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// Writes in one call, so that lines do not mix; a reader that is gone is nobody's loss.
  private static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }
}
