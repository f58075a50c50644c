/// Starts spans and decides which traces are recorded.
public struct Tracer: Sendable {
  /// Records nothing.
  public static let disabled = Tracer(exporter: NoSpans(), samplingRate: 0)

  private struct NoSpans: SpanExporter {
    func export(_ span: FinishedSpan) {}
  }

  private let exporter: any SpanExporter
  private let threshold: UInt64
  private let random: @Sendable () -> UInt64
  private let now: @Sendable () -> WallTime

  /// Creates a tracer that records the share `samplingRate` of traces, 0 to 1; other rates are cut to that range.
  ///
  /// The choice depends on the trace's id alone, so that every process that sees the trace chooses alike.
  public init(
    exporter: any SpanExporter, samplingRate: Double = 1,
    random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) },
    now: @escaping @Sendable () -> WallTime = WallTime.now
  ) {
    self.exporter = exporter
    self.random = random
    self.now = now
    // 63 bits of the id are compared, as in OpenTelemetry's trace-id ratio sampler.
    let rate = samplingRate.isNaN ? 0 : min(max(samplingRate, 0), 1)
    threshold = UInt64(rate * 0x1p63)
  }

  /// Starts a span: a new trace, or a step of the parent's.
  public func start(
    _ name: String, kind: FinishedSpan.Kind = .internal, parent: TraceContext? = nil, links: [FinishedSpan.Link] = []
  ) -> Span {
    let traceID = parent?.traceID ?? newTraceID()
    let context = TraceContext(
      traceID: traceID, spanID: newSpanID(), isSampled: traceID.low >> 1 < threshold)
    var record: FinishedSpan?
    if context.isSampled {
      let time = now()
      record = FinishedSpan(
        context: context, parent: parent?.spanID, name: name, kind: kind, start: time, end: time, links: links)
    }
    return Span(context, record: record, exporter: exporter, now: now)
  }

  /// The loop ends unless the generator yields nothing but zeros; the real one does so once in 2^64 turns.
  private func newSpanID() -> SpanID {
    while true {
      if let id = SpanID(random()) { return id }
    }
  }

  private func newTraceID() -> TraceID {
    while true {
      if let id = TraceID(high: random(), low: random()) { return id }
    }
  }
}
