import KubeClient
import SwiftProtobuf

/// Takes requests to a collector.
protocol SpanSender: Sendable {
  /// Sends one request, once.
  ///
  /// - Returns: How many of its spans the collector did not take.
  func send(_ request: Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest) async throws(SendFailure)
    -> Int
}

/// Why a request was not delivered.
struct SendFailure: Error, Equatable {
  /// Whether it may be delivered later.
  let isPassing: Bool
  /// What the collector or the transport says.
  let reason: String
}

/// A collector that speaks OTLP over gRPC.
struct CollectorSender: SpanSender {
  /// The method that takes spans.
  static let path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
  /// How long a request may take: the default of OpenTelemetry's exporters.
  private static let timeout = Duration.seconds(10)
  /// The statuses that OTLP lets a client try again: cancelled, deadline exceeded, resource exhausted, aborted, out of range,
  /// unavailable, data loss.
  private static let passing: Set<Int> = [1, 4, 8, 10, 11, 14, 15]

  let caller: GRPCCaller

  func send(
    _ request: Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest
  ) async throws(SendFailure) -> Int {
    let bytes: [UInt8]
    do {
      bytes = try request.serializedBytes()
    } catch {
      throw SendFailure(isPassing: false, reason: "the spans cannot be encoded: \(error)")
    }
    do {
      let answer = try await caller.call(Self.path, bytes, timeout: Self.timeout)
      // An answer that cannot be read is an answer all the same: the spans have arrived.
      let read = try? Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceResponse(serializedBytes: answer)
      return Int(max(0, read?.partialSuccess.rejectedSpans ?? 0))
    } catch {
      let status = error.status.map { "gRPC status \($0)" } ?? "no answer"
      throw SendFailure(
        isPassing: error.status.map(Self.passing.contains) ?? true, reason: "\(status): \(error.message)")
    }
  }
}
