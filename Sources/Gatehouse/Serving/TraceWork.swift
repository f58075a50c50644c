import KubeClient
import Logging
import Telemetry
import Tracing

/// The traces of one process: what starts spans, and what takes them to the collector.
final class TraceWork: Sendable {
  /// What starts spans.
  let tracer: Tracer
  private let collector: GRPCCaller
  private let delivery: SpanDelivery

  /// Prepares a thread for the collector; nothing is sent before ``run()``.
  init(_ settings: TracingSettings, _ registry: MetricRegistry, _ log: Logger) {
    collector = GRPCCaller(
      settings.endpoint, userAgent: "gatehouse/\(Gatehouse.version)",
      metadata: settings.token.map { ["authorization: Bearer \($0)"] } ?? [])
    delivery = SpanDelivery(to: collector, settings.source, registry, log)
    tracer = Tracer(exporter: delivery.exporter, samplingRate: settings.samplingRate)
    log.info(
      "traces are made", metadata: ["collector": "\(settings.endpoint)", "sampling_rate": "\(settings.samplingRate)"])
  }

  /// Sends spans until ``close()``, and what is left then for five seconds at most.
  func run() async {
    await delivery.run()
    await BlockingCall.run { [collector] in collector.shutDown() }
  }

  /// Begins the end: spans that end later are not sent.
  func close() { delivery.close() }
}
