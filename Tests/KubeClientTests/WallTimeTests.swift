import KubeClient
import Telemetry
import Testing

@Suite struct WallTimeTests {
  @Test(
    "reads the times of RFC 3339",
    arguments: [
      ("1970-01-01T00:00:00Z", 0), ("2023-11-14T22:13:20Z", 1_700_000_000),
      ("2023-11-14T22:13:20.999999Z", 1_700_000_000), ("2023-11-14T23:13:20+01:00", 1_700_000_000),
      ("2023-11-14T16:43:20-05:30", 1_700_000_000), ("2024-02-29T00:00:00Z", 1_709_164_800),
      ("1969-12-31T23:59:59Z", -1),
    ])
  func reads(text: String, seconds: Int64) { #expect(WallTime(rfc3339: text)?.seconds == seconds) }

  @Test(
    "refuses anything else",
    arguments: [
      "", "2023-11-14", "2023-11-14T22:13:20", "2023-13-14T22:13:20Z", "x023-11-14T22:13:20Z", "2023-11-14T22:13:20+1",
      "2023-02-31T22:13:20Z",
    ])
  func refuses(text: String) { #expect(WallTime(rfc3339: text) == nil) }

  @Test("writes what it reads, in the forms of Kubernetes")
  func writes() {
    let time = WallTime(seconds: 1_700_000_000, nanoseconds: 123_456_789)
    #expect(time.kubernetesTime == "2023-11-14T22:13:20Z")
    #expect(time.kubernetesMicroTime == "2023-11-14T22:13:20.123456Z")
  }
}
