import Kubernetes
import Testing

@Suite("A timestamp")
struct TimestampTests {
  @Test(
    "reads and writes RFC 3339",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:34:56Z", 951_827_696), ("2026-11-22T23:59:59Z", 1_795_391_999),
      ("1969-12-31T23:59:59Z", -1), ("1900-03-01T00:00:00Z", -2_203_891_200),
    ])
  func readsAndWrites(_ text: String, _ seconds: Int) {
    #expect(Timestamp(text)?.seconds == seconds)
    #expect(Timestamp(seconds: seconds).description == text)
  }

  @Test("reads fractions and offsets")
  func fractions() {
    #expect(Timestamp("2026-01-01T01:00:00.25+01:00") == Timestamp(seconds: 1_767_225_600, nanoseconds: 250_000_000))
    #expect(Timestamp("2026-01-01T00:00:00.000001Z")?.microTime == "2026-01-01T00:00:00.000001Z")
  }

  @Test(
    "refuses what is no time",
    arguments: [
      "", "2026-01-01", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01 00:00:00Z",
      "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+1:00", "2025-11-22 10:00:00 +0000 UTC",
    ])
  func refuses(_ text: String) { #expect(Timestamp(text) == nil) }

  @Test("adds and subtracts")
  func arithmetic() {
    let time = Timestamp(seconds: 10, nanoseconds: 900_000_000)
    #expect(time + .milliseconds(200) == Timestamp(seconds: 11, nanoseconds: 100_000_000))
    #expect(time + .milliseconds(-950) == Timestamp(seconds: 9, nanoseconds: 950_000_000))
    #expect(Timestamp(seconds: 12) - time == .milliseconds(1100))
  }
}
