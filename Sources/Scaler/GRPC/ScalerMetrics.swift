internal import Telemetry

/// What the scaler counts.
struct ScalerMetrics: Sendable {
  private let calls: LabeledMetrics<Counter>
  private let durations: LabeledMetrics<Histogram>
  /// Connections that were told to calm down.
  let floods: Counter
  /// Calls that are open.
  let open: Gauge

  init(_ registry: MetricRegistry) {
    calls = registry.counters(
      "gatehouse_scaler_calls_total", help: "gRPC calls that ended, by method and status.",
      labelNames: ["method", "code"])
    durations = registry.histograms(
      "gatehouse_scaler_call_duration_seconds", help: "Time from the request's head to the end of a gRPC call.",
      labelNames: ["method"])
    floods = registry.counter(
      "gatehouse_scaler_floods_total", help: "Connections that were closed for flooding the server with control frames."
    )
    open = registry.gauge("gatehouse_scaler_calls_open", help: "gRPC calls that are open.")
  }

  func method(_ path: String) -> MethodStatistics {
    MethodStatistics(
      calls: calls, path: path, succeeded: calls.with(path, GRPCStatus.Code.ok.name), duration: durations.with(path))
  }
}

/// What is counted of one method.
struct MethodStatistics: Sendable {
  fileprivate let calls: LabeledMetrics<Counter>
  fileprivate let path: String
  fileprivate let succeeded: Counter
  fileprivate let duration: Histogram

  func ended(_ code: GRPCStatus.Code, after duration: Duration) {
    // A success is the usual end: it takes no lock.
    (code == .ok ? succeeded : calls.with(path, code.name)).increment()
    self.duration.observe(duration)
  }
}
