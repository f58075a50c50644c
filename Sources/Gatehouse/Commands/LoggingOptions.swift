import ArgumentParser
import Logging
import Telemetry

/// How log lines are written; all of them go to standard error.
struct LoggingOptions: ParsableArguments {
  /// The forms of a line, as `--log-format` takes them.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
    /// What OpenKruiseGame calls text.
    case console

    var format: LogFormat {
      switch self {
      case .text, .console: .text
      case .json: .json
      }
    }
  }

  /// The levels, as `--log-level` takes them.
  enum Level: String, CaseIterable, ExpressibleByArgument {
    case trace, debug, info, notice, warning, error, critical

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
  }

  @Option(help: "How log lines are written.")
  var logFormat = Format.text

  @Option(help: "The least important log lines to write; debug tells of every review.")
  var logLevel = Level.info

  /// A logger that writes as the options say.
  func logger(_ label: String) -> Logger {
    let (format, level) = (logFormat.format, logLevel.level)
    return Logger(label: label) { LineLogHandler(label: $0, format: format, level: level) }
  }
}
