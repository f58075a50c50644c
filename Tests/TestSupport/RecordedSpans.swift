import Synchronization
public import Telemetry

/// Keeps spans that have ended, and makes them the same in every run.
public final class RecordedSpans: SpanExporter {
  private let kept = Mutex<[FinishedSpan]>([])

  /// Creates a recorder that has seen nothing.
  public init() {}

  /// Keeps a span.
  public func export(_ span: FinishedSpan) { kept.withLock { $0.append(span) } }

  /// What has ended so far, in this order.
  public var all: [FinishedSpan] { kept.withLock { $0 } }

  /// A tracer whose ids count from 1 and whose clock goes on by a second at each look.
  public func tracer(samplingRate: Double = 1) -> Tracer {
    let (ids, seconds) = (Counter(), Counter())
    return Tracer(
      exporter: self, samplingRate: samplingRate,
      random: {
        ids.increment()
        return ids.value
      },
      now: {
        seconds.increment()
        return WallTime(seconds: 1_800_000_000 + Int64(seconds.value), nanoseconds: 5)
      })
  }

  /// So many spans without anything in them.
  public static func plain(_ count: Int) -> [FinishedSpan] {
    let spans = RecordedSpans()
    let tracer = spans.tracer()
    for _ in 0..<count { tracer.start("work").end(.ok("")) }
    return spans.all
  }
}
