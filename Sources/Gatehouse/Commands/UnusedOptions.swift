import ArgumentParser
import Logging

/// Flags of OpenKruiseGame's manager that have no meaning here; taken, so that its Deployments start this program too.
struct UnusedOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: .hidden) var disableNoDeepcopy: Bool?
  @Option(help: .hidden) var logJsonPreset: String?
  @Option(help: .hidden) var zapStacktraceLevel: String?
  @Option(help: .hidden) var zapTimeEncoding: String?
  @Flag(inversion: .prefixedNo, help: .hidden) var enableOtelLogs: Bool?

  /// The flags that were given, each with why nothing comes of it.
  private var given: [(flag: String, reason: String)] {
    let flags: [(isGiven: Bool, flag: String, reason: String)] = [
      (disableNoDeepcopy != nil, "--disable-no-deepcopy", "objects of the store are never copied to be read"),
      (logJsonPreset != nil, "--log-json-preset", "JSON lines have one layout"),
      (zapStacktraceLevel != nil, "--zap-stacktrace-level", "log lines carry no stack traces"),
      (zapTimeEncoding != nil, "--zap-time-encoding", "times are written as RFC 3339 says"),
      (enableOtelLogs != nil, "--enable-otel-logs", "logs go to standard error only"),
    ]
    return flags.filter(\.isGiven).map { ($0.flag, $0.reason) }
  }

  /// Tells of each flag that was given.
  func tell(_ logger: Logger) {
    for (flag, reason) in given {
      logger.warning("a flag has no effect", metadata: ["flag": "\(flag)", "reason": "\(reason)"])
    }
  }
}
