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

  /// What holds where the options say nothing.
  struct Usual {
    /// The form of a line.
    var format = Format.text
    /// The least important lines.
    var level = Level.info
  }

  @Option(help: "How log lines are written (default: text).")
  var logFormat: Format?

  @Option(help: "The least important log lines to write; debug tells of every review (default: info).")
  var logLevel: Level?

  /// A logger that writes as the options say.
  func logger(_ label: String, _ usual: Usual = Usual()) -> Logger {
    let (format, level) = ((logFormat ?? usual.format).format, (logLevel ?? usual.level).level)
    return Logger(label: label) { LineLogHandler(label: $0, format: format, level: level) }
  }
}
