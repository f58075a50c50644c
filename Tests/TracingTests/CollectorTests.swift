import KubeClient
import SwiftProtobuf
import Telemetry
import TestSupport
import Testing

@testable import Tracing

@Suite("A collector over gRPC")
struct CollectorTests {
  private let request = ExportRequest.make(
    RecordedSpans.plain(3), TraceSource(resource: ["service.name": "s"], tracer: "t", version: "1"))

  private func send(
    _ request: ExportRequest.Message, to collector: CollectorStandIn, _ metadata: [String] = []
  ) async throws(SendFailure) -> Int {
    let caller = GRPCCaller(collector.address, userAgent: "test", metadata: metadata)
    defer { caller.shutDown() }
    return try await CollectorSender(caller: caller).send(request)
  }

  @Test("gets the spans as they are, with the token")
  func arrival() async throws {
    let collector = try CollectorStandIn()
    // HPACK leaves a text as it is where Huffman's code would be longer, as with these characters.
    let token = "<{~}><{~}><{~}>"
    #expect(try await send(request, to: collector, ["authorization: \(token)"]) == 0)
    let call = try #require(collector.calls.first)
    #expect(try ExportRequest.Message(serializedBytes: call.message) == request)
    #expect(call.fields.firstRange(of: Array(token.utf8)) != nil)
  }

  @Test("gets large requests whole, one after the other")
  func large() async throws {
    let collector = try CollectorStandIn()
    var large = request
    large.resourceSpans[0].scopeSpans[0].spans[0].name = String(repeating: "a", count: 2 << 20)
    let caller = GRPCCaller(collector.address, userAgent: "test")
    defer { caller.shutDown() }
    let sender = CollectorSender(caller: caller)
    for number in 0..<3 {
      #expect(try await sender.send(large) == 0)
      #expect(try ExportRequest.Message(serializedBytes: collector.calls[number].message) == large)
    }
  }

  @Test("says how many it did not take")
  func partial() async throws {
    let answer = Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceResponse.with {
      $0.partialSuccess.rejectedSpans = 2
    }
    let bytes: [UInt8] = try answer.serializedBytes()
    #expect(try await send(request, to: CollectorStandIn { _ in .message(bytes) }) == 2)
  }

  @Test(
    "is asked again only where that may help",
    arguments: [
      (.status(14, "starting"), true, "gRPC status 14: starting"), (.status(8), true, "gRPC status 8"),
      (.status(16, "no token"), false, "gRPC status 16: no token"), (.status(3), false, "gRPC status 3"),
      (.http(503), true, "HTTP 503"), (.http(404), false, "HTTP 404"), (.cut, true, "no answer"),
    ] as [(CollectorStandIn.Answer, Bool, String)])
  func failures(_ answer: CollectorStandIn.Answer, _ isPassing: Bool, _ words: String) async throws {
    let collector = try CollectorStandIn { _ in answer }
    let failure = await #expect(throws: SendFailure.self) { try await send(request, to: collector) }
    #expect(failure?.isPassing == isPassing)
    #expect(failure?.reason.contains(words) == true, "\(failure?.reason ?? "")")
  }

  @Test("is nobody where nobody listens")
  func nobody() async throws {
    let collector = try CollectorStandIn()
    let address = collector.address
    collector.stop()
    let caller = GRPCCaller(address, userAgent: "test")
    defer { caller.shutDown() }
    let failure = await #expect(throws: SendFailure.self) { try await CollectorSender(caller: caller).send(request) }
    #expect(failure?.isPassing == true)
  }

  @Test("that never answers is left at once when the task is cancelled")
  func cancelled() async throws {
    let collector = try CollectorStandIn { _ in .silence }
    let caller = GRPCCaller(collector.address, userAgent: "test")
    defer { caller.shutDown() }
    let request = request
    let task = Task { try await CollectorSender(caller: caller).send(request) }
    while collector.calls.isEmpty { await Task.yield() }
    task.cancel()
    await #expect(throws: SendFailure.self) { try await task.value }
  }
}
