import SwiftProtobuf
import Telemetry
import TestSupport
import Testing

@testable import Tracing

@Suite("Spans as OTLP has them")
struct ExportRequestTests {
  private let source = TraceSource(resource: ["service.name": "s"], tracer: "t", version: "1")

  private func bytes(_ spans: [FinishedSpan]) throws -> [UInt8] {
    try ExportRequest.make(spans, source).serializedBytes()
  }

  @Test("a small span is these bytes")
  func golden() throws {
    let spans = RecordedSpans()
    var span = spans.tracer().start("a", kind: .server)
    span.set("k", .bool(true))
    span.end(.ok("o"))
    // Written by hand after the field numbers of opentelemetry.proto.trace.v1; times are fixed64, the lowest byte first.
    let body: [UInt8] =
      [0x0A, 16] + [UInt8](repeating: 0, count: 7) + [1] + [UInt8](repeating: 0, count: 7) + [2]  // trace_id
      + [0x12, 8] + [UInt8](repeating: 0, count: 7) + [3]  // span_id
      + [0x2A, 1, 0x61]  // name
      + [0x30, 2]  // kind: SPAN_KIND_SERVER
      + [0x39] + fixed(1_800_000_001_000_000_005) + [0x41] + fixed(1_800_000_002_000_000_005)
      + [0x4A, 7, 0x0A, 1, 0x6B, 0x12, 2, 0x10, 1]  // attributes: k, bool_value
      + [0x7A, 5, 0x12, 1, 0x6F, 0x18, 1]  // status: message, STATUS_CODE_OK
      + [0x85, 0x01, 1, 0, 0, 0]  // flags
    let scope: [UInt8] = [0x0A, 6, 0x0A, 1, 0x74, 0x12, 1, 0x31]
    let scopeSpans = scope + [0x12, UInt8(body.count)] + body
    let resource: [UInt8] = [0x0A, 21, 0x0A, 19, 0x0A, 12] + Array("service.name".utf8) + [0x12, 3, 0x0A, 1, 0x73]
    let resourceSpans = resource + [0x12, UInt8(scopeSpans.count)] + scopeSpans
    #expect(try bytes(spans.all) == [0x0A, UInt8(resourceSpans.count)] + resourceSpans)
  }

  private func fixed(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
  }

  @Test("everything that a span has comes back from its bytes")
  func roundTrip() throws {
    let spans = RecordedSpans()
    let tracer = spans.tracer()
    let text = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-00"
    let other = try #require(TraceContext(traceparent: text))
    var parent = tracer.start("parent", kind: .server)
    parent.link(FinishedSpan.Link(other, attributes: ["link.reason": "triggered_by_reconcile"]))
    parent.event("gameserver.reconcile.cleanup", ["count": .int(-3)])
    parent.set("ratio", .double(0.5))
    parent.set("name", .string("arena-0"))
    let child = tracer.start("child", parent: parent.context)
    child.fail("no ports")
    parent.end(.ok("done"))

    let request = try ExportRequest.Message(serializedBytes: bytes(spans.all))
    #expect(request.resourceSpans.count == 1)
    #expect(request.resourceSpans[0].resource.attributes.map(\.key) == ["service.name"])
    let scope = try #require(request.resourceSpans[0].scopeSpans.first)
    #expect(scope.scope.name == "t" && scope.scope.version == "1")
    let (first, second) = (scope.spans[0], scope.spans[1])
    #expect(first.name == "child" && first.kind == .internal && first.status.code == .error)
    #expect(first.status.message == "no ports")
    #expect(first.events.map(\.name) == ["exception"])
    #expect(first.traceID == second.traceID && first.parentSpanID == second.spanID)
    #expect(second.parentSpanID.isEmpty && second.kind == .server && second.flags == 1)
    #expect(second.attributes.map(\.key) == ["name", "ratio"])
    #expect(second.attributes[1].value.doubleValue == 0.5)
    #expect(second.events[0].attributes[0].value.intValue == -3)
    #expect(second.links[0].traceID.map { $0 } == other.traceID.bytes)
    #expect(second.links[0].spanID.map { $0 } == other.spanID.bytes)
    #expect(second.links[0].flags == 0)
    #expect(second.links[0].attributes[0].value.stringValue == "triggered_by_reconcile")
    #expect(second.startTimeUnixNano < second.endTimeUnixNano)
  }

  @Test("a long text is cut between characters", arguments: [(1_024, 1_024), (1_025, 1_024), (5_000, 1_024)])
  func cut(_ length: Int, _ kept: Int) throws {
    let spans = RecordedSpans()
    var span = spans.tracer().start("a")
    span.set("plain", .string(String(repeating: "a", count: length)))
    // Three bytes each: the limit is in the middle of one.
    span.set("wide", .string(String(repeating: "\u{20AC}", count: length)))
    span.end(.error(String(repeating: "e", count: length)))
    let sent = ExportRequest.make(spans.all, source).resourceSpans[0].scopeSpans[0].spans[0]
    #expect(sent.attributes[0].value.stringValue.utf8.count == kept)
    #expect(sent.attributes[1].value.stringValue == String(repeating: "\u{20AC}", count: 341))
    #expect(sent.status.message.utf8.count == kept)
  }
}
