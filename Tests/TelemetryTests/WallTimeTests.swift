import Foundation
import Telemetry
import Testing

@Suite struct WallTimeTests {
  @Test(
    "prints",
    arguments: [
      (0, "1970-01-01T00:00:00"), (951_782_399, "2000-02-28T23:59:59"), (951_782_400, "2000-02-29T00:00:00"),
      (1_709_251_199, "2024-02-29T23:59:59"), (4_107_542_400, "2100-03-01T00:00:00"), (-1, "1969-12-31T23:59:59"),
      (-62_135_596_800, "0001-01-01T00:00:00"),
    ])
  func prints(_ seconds: Int64, _ text: String) {
    #expect(WallTime(seconds: seconds, nanoseconds: 42).rfc3339 == "\(text).000000042Z")
  }

  @Test("agrees with Foundation on every ninth day of four centuries")
  func agrees() {
    for day in stride(from: Int64(-20_000), to: 126_000, by: 9) {
      let seconds = day * 86_400 + 3_661
      let expected = Date(timeIntervalSince1970: TimeInterval(seconds)).ISO8601Format()
      #expect(WallTime(seconds: seconds).rfc3339 == expected.dropLast() + ".000000000Z")
    }
  }
}
