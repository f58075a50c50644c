public import Telemetry

/// Who the spans come from.
public struct TraceSource: Sendable {
  /// What is known of the process, by the names of OpenTelemetry's conventions.
  public let resource: [String: FinishedSpan.Value]
  /// The name of the tracer.
  public let tracer: String
  /// The version of the program.
  public let version: String

  /// Describes a source.
  public init(resource: [String: FinishedSpan.Value], tracer: String, version: String) {
    self.resource = resource
    self.tracer = tracer
    self.version = version
  }
}
