import Telemetry
import Testing

@Suite struct TraceContextTests {
  static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
  static let span = "00f067aa0ba902b7"

  @Test(
    "reads and prints",
    arguments: [
      ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false),
      ("00-00000000000000000000000000000001-0000000000000001-01", true),
    ])
  func roundTrip(_ text: String, _ sampled: Bool) throws {
    let context = try #require(TraceContext(traceparent: text))
    #expect(context.isSampled == sampled)
    #expect(context.traceparent == text)
  }

  @Test("takes only the sampled bit of the flags", arguments: [("03", "01"), ("ff", "01"), ("02", "00")])
  func flags(_ flags: String, _ printed: String) throws {
    let context = try #require(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-\(flags)"))
    #expect(context.traceparent == "00-\(Self.trace)-\(Self.span)-\(printed)")
  }

  @Test(
    "refuses",
    arguments: [
      "", "00", "01-\(trace)-\(span)-01", "ff-\(trace)-\(span)-01", "00-\(trace)-\(span)", "00-\(trace)-\(span)-01-",
      "00-\(trace)-\(span)-01-00", "00-\(trace.dropLast())-\(span)-01", "00-\(trace)0-\(span)-01",
      "00-\(trace)-\(span.dropLast())-01", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-0g", " 00-\(trace)-\(span)-01",
      "00-\(trace.uppercased())-\(span)-01", "00-\(trace)-\(span.uppercased())-01",
      "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
      "00-+bf92f3577b34da6a3ce929d0e0e4736-\(span)-01", "00_\(trace)_\(span)_01", "00-\(trace)-\(span)-é",
    ])
  func refuses(_ text: String) {
    #expect(TraceContext(traceparent: text) == nil)
  }
}
