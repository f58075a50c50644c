import HTTPServer
import Telemetry

/// The plain-text port: probes, metrics, version.
enum HealthRouter {
  /// The routes; `/healthz` only says that the process answers.
  static func make(_ registry: MetricRegistry, _ readiness: Readiness) -> Router {
    var router = Router()
    // The longer paths are those of OpenKruiseGame's single checks.
    for path in ["/healthz", "/healthz/healthz"] { router.get(path) { _, _ in .text("ok") } }
    for path in ["/readyz", "/readyz/readyz"] {
      router.get(path) { _, _ in
        let reasons = readiness.reasons
        guard !reasons.isEmpty else { return .text("ok") }
        return .text("not ready: \(reasons.joined(separator: "; "))", status: .serviceUnavailable)
      }
    }
    addMetrics(registry, to: &router)
    router.get("/version") { _, _ in .json(Array("{\"version\":\"\(Gatehouse.version)\"}".utf8)) }
    return router
  }

  /// The routes of a port that is there for metrics only.
  static func metrics(_ registry: MetricRegistry) -> Router {
    var router = Router()
    addMetrics(registry, to: &router)
    return router
  }

  private static func addMetrics(_ registry: MetricRegistry, to router: inout Router) {
    router.get("/metrics") { _, _ in
      Response(.ok, contentType: PrometheusText.contentType, body: registry.prometheusText())
    }
  }
}

/// What the HTTP ports have done, as metrics.
enum ServerMetrics {
  /// Reads counters at each collection.
  static func register(in registry: MetricRegistry, _ read: @escaping @Sendable () -> ServerStatistics) {
    registry.onCollect { collection in
      let statistics = read()
      for (status, count) in statistics.responses {
        collection.counter(
          "gatehouse_http_responses_total", help: "HTTP answers by status, probes and scrapes included.",
          labels: ["code": "\(status)"], UInt64(count))
      }
      collection.counter(
        "gatehouse_http_connections_total", help: "Connections accepted.", UInt64(statistics.connectionsAccepted))
      collection.gauge(
        "gatehouse_http_connections_open", help: "Connections that are open.", Double(statistics.connectionsOpen))
      collection.counter(
        "gatehouse_tls_handshakes_failed_total", help: "TLS handshakes that failed or took too long.",
        UInt64(statistics.handshakesFailed))
      collection.gauge(
        "gatehouse_http_requests_in_flight", help: "Requests whose body is awaited or whose answer is not sent.",
        Double(statistics.requestsInFlight))
      collection.counter(
        "gatehouse_http_received_bytes_total", help: "Bytes received.", UInt64(statistics.bytesReceived))
      collection.counter("gatehouse_http_sent_bytes_total", help: "Bytes sent.", UInt64(statistics.bytesSent))
    }
  }
}
