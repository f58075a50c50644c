/// A piece of work while it runs, of one owner; ending it consumes it.
///
/// A span that goes away without ``end(_:)`` (a thrown error, an early return) ends there with status unset,
/// so none is lost. One of a trace that is not sampled keeps nothing and costs next to nothing.
public struct Span: ~Copyable, Sendable {
  /// Attributes past this number are dropped: the default limit of OpenTelemetry's SDKs.
  public static let maximumAttributes = 128
  /// Events past this number are dropped: the default limit of OpenTelemetry's SDKs.
  public static let maximumEvents = 128

  /// Links past this number are dropped: the default limit of OpenTelemetry's SDKs.
  public static let maximumLinks = 128

  /// What other processes and child spans refer to.
  public let context: TraceContext

  private var record: FinishedSpan?
  private let exporter: any SpanExporter
  private let now: @Sendable () -> WallTime

  init(
    _ context: TraceContext, record: FinishedSpan?, exporter: any SpanExporter, now: @escaping @Sendable () -> WallTime
  ) {
    self.context = context
    self.record = record
    self.exporter = exporter
    self.now = now
  }

  /// Sets a detail, or replaces the one of that name.
  public mutating func set(_ name: String, _ value: FinishedSpan.Value) {
    guard let attributes = record?.attributes else { return }
    guard attributes.count < Self.maximumAttributes || attributes[name] != nil else { return }
    record?.attributes[name] = value
  }

  /// Notes that something happened now.
  public mutating func event(_ name: String, _ attributes: [String: FinishedSpan.Value] = [:]) {
    guard let count = record?.events.count, count < Self.maximumEvents else { return }
    record?.events.append(FinishedSpan.Event(name: name, time: now(), attributes: attributes))
  }

  /// Notes another span that has to do with this one.
  public mutating func link(_ link: FinishedSpan.Link) {
    guard let count = record?.links.count, count < Self.maximumLinks else { return }
    record?.links.append(link)
  }

  /// Ends the span now and hands it to the exporter.
  public consuming func end(_ status: FinishedSpan.Status) {
    record?.status = status
  }

  /// Ends the span now as one that went wrong, with the reason as its status and as the event that OpenTelemetry's conventions have for it.
  public consuming func fail(_ reason: String) {
    event("exception", ["exception.message": .string(reason)])
    end(.error(reason))
  }

  deinit {
    guard var finished = record else { return }
    finished.end = now()
    exporter.export(finished)
  }
}
