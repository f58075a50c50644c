import ArgumentParser

/// How logs are written, in the words of Go's logger zap; what `--log-format` and `--log-level` say goes first.
struct ZapOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The least important log lines to write: debug, info, warn, error, panic, or a number, of which 1 is debug and 2 is trace.",
      valueName: "level"),
    transform: ZapOptions.level)
  var zapLogLevel: LoggingOptions.Level?

  @Flag(inversion: .prefixedNo, help: "Write debug lines too, where no level is given.")
  var zapDevel: Bool?

  @Option(help: "How log lines are written, where --log-format does not say.")
  var zapEncoder: LoggingOptions.Format?

  /// What holds where the program's own flags say nothing.
  var usual: LoggingOptions.Usual {
    LoggingOptions.Usual(format: zapEncoder ?? .text, level: zapLogLevel ?? (zapDevel == true ? .debug : .info))
  }

  /// Reads a level of zap.
  private static func level(_ text: String) throws -> LoggingOptions.Level {
    switch text.lowercased() {
    case "debug": return .debug
    case "info": return .info
    case "warn", "warning": return .warning
    case "error": return .error
    case "dpanic", "panic", "fatal": return .critical
    default:
      guard let number = Int(text), number >= 0 else {
        throw ValidationError("a level is debug, info, warn, error, panic, or a number from 0 up")
      }
      return number == 0 ? .info : number == 1 ? .debug : .trace
    }
  }
}
