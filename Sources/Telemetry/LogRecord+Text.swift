internal import Logging

extension LogRecord {
  /// `TIME LEVEL LOGGER: MESSAGE key=value …`, metadata by name; a value with a blank is quoted.
  func textLine() -> [UInt8] {
    var line = LogLine()
    line.time(time)
    line.raw(" \(level.label) ")
    line.field { $0.escaped(logger) }
    line.raw(": ")
    line.field { $0.escaped(message) }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      line.field { line in
        line.raw(" ")
        line.escaped(key)
        line.raw("=")
        line.textValue(value.description)
      }
    }
    if level >= .warning { line.field { $0.escaped(" (\(caller))") } }
    if line.isCut { line.raw(" (truncated)") }
    return line.finished()
  }
}

extension LogLine {
  fileprivate mutating func textValue(_ text: String) {
    let needsQuotes = text.isEmpty || text.contains { $0.isWhitespace || $0 == "=" || $0 == "\"" }
    if needsQuotes { raw("\"") }
    escaped(text)
    if needsQuotes { raw("\"") }
  }
}
