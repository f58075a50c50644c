public import KubeClient
public import Logging
public import Telemetry

/// Takes finished spans to a collector: in batches, on a task of its own, and never longer than a few seconds behind its end.
public final class SpanDelivery: Sendable {
  /// How long spans wait at most for others to go with.
  private static let interval = Duration.seconds(5)
  /// How long what is left may take once the buffer is closed.
  private static let flushLimit = Duration.seconds(5)

  private let buffer: SpanBuffer
  private let sender: any SpanSender
  private let source: TraceSource
  private let exported: Counter
  private let dropped: Counter
  private let clock: any Clock<Duration>
  private let random: @Sendable () -> Double
  private let log: Logger
  private let closed: AsyncStream<Void>
  private let closing: AsyncStream<Void>.Continuation

  init(
    _ sender: any SpanSender, _ source: TraceSource, _ registry: MetricRegistry, _ log: Logger,
    clock: any Clock<Duration> = ContinuousClock(), random: @escaping @Sendable () -> Double = { .random(in: 0...1) }
  ) {
    exported = registry.counter("gatehouse_spans_exported_total", help: "Spans that the collector has taken.")
    dropped = registry.counter(
      "gatehouse_spans_dropped_total", help: "Spans that found no room or that the collector has not taken.")
    buffer = SpanBuffer(dropped: dropped)
    (self.sender, self.source, self.log) = (sender, source, log)
    (self.clock, self.random) = (clock, random)
    (closed, closing) = AsyncStream.makeStream()
  }

  /// A delivery to a collector; the caller stays its owner's.
  public convenience init(
    to collector: GRPCCaller, _ source: TraceSource, _ registry: MetricRegistry, _ log: Logger
  ) {
    self.init(CollectorSender(caller: collector), source, registry, log)
  }

  /// Where spans are handed in.
  public var exporter: any SpanExporter { buffer }

  /// Takes nothing more in: ``run()`` sends what is left and returns, within five seconds.
  public func close() {
    buffer.close()
    closing.finish()
  }

  /// Sends what is handed in until ``close()``, or until the task is cancelled, which leaves behind what has not been sent.
  public func run() async {
    await withTaskGroup { group in
      group.addTask { await self.deliver() }
      group.addTask { await self.keepTime() }
      group.addTask { await self.limitFlush() }
      // The time keeper ends with the others; of these the first to end is the end of all.
      _ = await group.next()
      group.cancelAll()
    }
  }

  private func keepTime() async {
    while (try? await clock.sleep(for: Self.interval)) != nil { buffer.ring() }
  }

  private func limitFlush() async {
    for await _ in closed {}
    try? await clock.sleep(for: Self.flushLimit)
  }

  private func deliver() async {
    var isFailing = false
    for await _ in buffer.bell {
      while let batch = buffer.take() { await deliver(batch, &isFailing) }
    }
  }

  /// Sends a batch, more than once where that may help.
  ///
  /// - Parameter isFailing: whether the one before was lost; only a change is a line in the log.
  private func deliver(_ batch: [FinishedSpan], _ isFailing: inout Bool) async {
    let request = ExportRequest.make(batch, source)
    var schedule = RetrySchedule()
    while true {
      do throws(SendFailure) {
        let rejected = min(batch.count, try await sender.send(request))
        exported.increment(by: UInt64(batch.count - rejected))
        dropped.increment(by: UInt64(rejected))
        if isFailing { log.notice("spans reach the collector again") }
        isFailing = false
        return
      } catch {
        let wait = error.isPassing ? schedule.next(random: random()) : nil
        if let wait, (try? await clock.sleep(for: wait)) != nil { continue }
        dropped.increment(by: UInt64(batch.count))
        if !isFailing { log.warning("spans do not reach the collector", metadata: ["reason": "\(error.reason)"]) }
        isFailing = true
        return
      }
    }
  }
}
