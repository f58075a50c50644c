public import Logging

/// Writes each log statement as one line, JSON or text, of bounded length.
public struct LineLogHandler: LogHandler {
  /// Statements below this level are dropped by the logger.
  public var logLevel: Logger.Level
  /// On every line of this logger.
  public var metadata: Logger.Metadata = [:]
  /// Called for every line; tells, for instance, the trace that the task is part of.
  public var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let format: LogFormat
  private let output: any LogOutput
  private let now: @Sendable () -> WallTime

  /// Creates the handler of the logger named `label`.
  public init(
    label: String, format: LogFormat, level: Logger.Level = .info, output: any LogOutput = StandardErrorOutput(),
    metadataProvider: Logger.MetadataProvider? = nil, now: @escaping @Sendable () -> WallTime = WallTime.now
  ) {
    self.label = label
    self.format = format
    self.logLevel = level
    self.output = output
    self.metadataProvider = metadataProvider
    self.now = now
  }

  /// One value of ``metadata``.
  public subscript(metadataKey key: String) -> Logger.MetadataValue? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes the line; of values of one name the statement's wins, then the logger's, then the provider's.
  public func log(event: LogEvent) {
    var all = event.metadata ?? [:]
    if !metadata.isEmpty { all.merge(metadata) { own, _ in own } }
    if let provided = metadataProvider?.get() { all.merge(provided) { own, _ in own } }
    if let error = event.error, all["error.message"] == nil { all["error.message"] = "\(error)" }
    let record = LogRecord(
      time: now(), level: event.level, logger: label, message: event.message.description,
      caller: "\(event.file):\(event.line)", metadata: all)
    output.write(record.line(format))
  }
}
