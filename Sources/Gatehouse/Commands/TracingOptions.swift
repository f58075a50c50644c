import ArgumentParser
import Logging

/// Whether traces are made, and where they go; the names are those of OpenKruiseGame's manager.
struct TracingOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Make traces of reconciles and reviews of pods, and send them to a collector.")
  var enableTracing = false

  @Option(
    help: ArgumentHelp("The collector, which takes OpenTelemetry's OTLP over plain gRPC.", valueName: "host:port"))
  var otelCollectorEndpoint = "localhost:4317"

  @Option(help: ArgumentHelp("Sent to the collector as `authorization: Bearer TOKEN`.", valueName: "token"))
  var otelCollectorToken: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The share of traces that is made, 0 to 1.", valueName: "number"))
  var otelSamplingRate = "1.0"

  /// Where traces go; nil where none are made.
  ///
  /// A value that cannot be used turns them off with a log line: nobody's game server waits because of a collector.
  func settings(_ environment: [String: String], _ logger: Logger) -> TracingSettings? {
    guard enableTracing else { return nil }
    do throws(TracingSettings.Problem) {
      return try TracingSettings(
        endpoint: otelCollectorEndpoint, token: otelCollectorToken, samplingRate: otelSamplingRate,
        source: .ofProcess(environment))
    } catch {
      logger.error("no traces are made", metadata: ["reason": "\(error.description)"])
      return nil
    }
  }
}
