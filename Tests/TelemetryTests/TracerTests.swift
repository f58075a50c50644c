import Synchronization
import Telemetry
import Testing

@Suite struct TracerTests {
  private final class Recorder: SpanExporter {
    private let kept = Mutex<[FinishedSpan]>([])
    var spans: [FinishedSpan] { kept.withLock { $0 } }

    func export(_ span: FinishedSpan) {
      kept.withLock { $0.append(span) }
    }
  }

  private let recorder = Recorder()

  private func tracer(samplingRate: Double = 1, firstID: UInt64 = 1) -> Tracer {
    let next = Counter()
    next.increment(by: firstID)
    return Tracer(
      exporter: recorder, samplingRate: samplingRate,
      random: {
        defer { next.increment() }
        return next.value
      },
      now: { WallTime(seconds: Int64(next.value)) })
  }

  @Test("a child is of its parent's trace and ends first")
  func parentAndChild() throws {
    let tracer = tracer()
    let other = try #require(TraceContext(traceparent: "00-\(TraceContextTests.trace)-\(TraceContextTests.span)-01"))
    var parent = tracer.start("mutate pod admission", kind: .server, links: [.init(other)])
    parent.set("k8s.namespace.name", .string("games"))
    let child = tracer.start("execute network plugin", parent: parent.context)
    child.end(.error("no ports"))
    parent.event("denied", ["count": .int(1)])
    parent.end(.ok("done"))

    let spans = recorder.spans
    #expect(spans.map(\.name) == ["execute network plugin", "mutate pod admission"])
    #expect(spans[0].parent == spans[1].context.spanID)
    #expect(spans[0].context.traceID == spans[1].context.traceID)
    #expect(spans[0].status == .error("no ports"))
    #expect(spans[1].parent == nil)
    #expect(spans[1].links == [.init(other)])
    #expect(spans[1].attributes == ["k8s.namespace.name": .string("games")])
    #expect(spans[1].events.map(\.name) == ["denied"])
    #expect(spans[1].start < spans[1].end)
  }

  @Test("a span that is dropped is exported with status unset")
  func dropped() {
    func work() {
      _ = tracer().start("work")
    }
    work()
    #expect(recorder.spans.map(\.status) == [.unset])
  }

  @Test(
    "samples by the trace's id",
    arguments: [(0.0, false, false), (1, true, true), (0.5, true, false), (-1, false, false), (.nan, false, false)])
  func sampling(_ rate: Double, _ low: Bool, _ high: Bool) {
    #expect(tracer(samplingRate: rate, firstID: 2).start("low").context.isSampled == low)
    #expect(tracer(samplingRate: rate, firstID: .max - 1).start("high").context.isSampled == high)
    #expect(recorder.spans.count == (low ? 1 : 0) + (high ? 1 : 0))
  }

  @Test("a disabled tracer still gives contexts, not sampled")
  func disabled() {
    let span = Tracer.disabled.start("work")
    #expect(!span.context.isSampled)
    #expect(TraceContext(traceparent: span.context.traceparent) == span.context)
  }

  @Test("keeps at most the stated number of attributes and events")
  func limits() {
    var span = tracer().start("work")
    for index in 0..<200 {
      span.set("a\(index)", .int(Int64(index)))
      span.event("e\(index)")
    }
    span.set("a0", .bool(true))
    span.end(.ok(""))
    #expect(recorder.spans[0].attributes.count == Span.maximumAttributes)
    #expect(recorder.spans[0].attributes["a0"] == .bool(true))
    #expect(recorder.spans[0].events.count == Span.maximumEvents)
  }
}
