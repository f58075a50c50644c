public import Telemetry

/// What a client counts.
public struct ClientMetrics: Sendable {
  private let requests: LabeledMetrics<Counter>
  private let latency: LabeledMetrics<Histogram>
  private let waits: Histogram
  private let retries: Counter
  private let watchRestarts: LabeledMetrics<Counter>
  private let watchEvents: LabeledMetrics<Counter>
  private let skippedObjects: LabeledMetrics<Counter>

  /// Registers the client's metrics.
  public init(_ registry: MetricRegistry = MetricRegistry()) {
    requests = registry.counters(
      "gatehouse_api_requests_total", help: "Requests to the API server; code 0: no answer.",
      labelNames: ["verb", "resource", "code"], limit: 500)
    latency = registry.histograms(
      "gatehouse_api_request_seconds", help: "Time of one request to the API server, watches left out.",
      labelNames: ["verb"], buckets: .control)
    waits = registry.histogram(
      "gatehouse_api_throttle_seconds", help: "Time that requests waited for the client's own rate limit.",
      buckets: .control)
    retries = registry.counter("gatehouse_api_retries_total", help: "Requests that were sent again.")
    watchRestarts = registry.counters(
      "gatehouse_watch_restarts_total", help: "Watches that were opened again, by why the last one ended.",
      labelNames: ["resource", "reason"])
    watchEvents = registry.counters(
      "gatehouse_watch_events_total", help: "Events that watches delivered, bookmarks included.",
      labelNames: ["resource"])
    skippedObjects = registry.counters(
      "gatehouse_watch_skipped_objects_total", help: "Objects that could not be decoded and were left out.",
      labelNames: ["resource"])
  }

  func finished(_ request: APIRequest, code: Int, after time: Duration) {
    requests.with(request.verb.rawValue, request.resource, String(code)).increment()
    if request.verb != .watch { latency.with(request.verb.rawValue).observe(time) }
  }

  func throttled(_ time: Duration) { waits.observe(time) }
  func retried() { retries.increment() }
  func restartedWatch(_ resource: String, reason: String) { watchRestarts.with(resource, reason).increment() }
  func receivedEvents(_ resource: String, _ count: Int) { watchEvents.with(resource).increment(by: UInt64(count)) }
  func skippedObject(_ resource: String) { skippedObjects.with(resource).increment() }
}
