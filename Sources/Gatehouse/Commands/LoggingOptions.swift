import ArgumentParser
import Logging
import Telemetry

extension LogFormat: ExpressibleByArgument {}
extension Logger.Level: ExpressibleByArgument {}

/// How log lines are written; all of them go to standard error.
struct LoggingOptions: ParsableArguments {
  @Option(help: "How log lines are written.")
  var logFormat = LogFormat.text

  @Option(help: "The least important log lines to write; debug tells of every review.")
  var logLevel = Logger.Level.info

  /// A logger that writes as the options say.
  func logger(_ label: String) -> Logger {
    Logger(label: label) { [logFormat, logLevel] label in
      LineLogHandler(label: label, format: logFormat, level: logLevel)
    }
  }
}
