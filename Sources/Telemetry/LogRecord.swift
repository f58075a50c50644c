internal import Logging

/// What one log line tells, before it has a form.
struct LogRecord {
  let time: WallTime
  let level: Logger.Level
  let logger: String
  let message: String
  /// `file.swift:line` of the log statement.
  let caller: String
  let metadata: Logger.Metadata

  /// The line in the given form.
  func line(_ format: LogFormat) -> [UInt8] {
    switch format {
    case .json: jsonLine()
    case .text: textLine()
    }
  }
}

extension Logger.Level {
  /// The level's name in log lines, upper case as the collectors of this field expect it.
  var label: String {
    switch self {
    case .trace: "TRACE"
    case .debug: "DEBUG"
    case .info, .notice: "INFO"
    case .warning: "WARN"
    case .error: "ERROR"
    case .critical: "FATAL"
    }
  }

  /// The number of OpenTelemetry's log data model.
  var severityNumber: Int {
    switch self {
    case .trace: 1
    case .debug: 5
    // The level is written as INFO for both, and OpenKruiseGame's lines have one number for one level.
    case .info, .notice: 9
    case .warning: 13
    case .error: 17
    case .critical: 21
    }
  }
}
