import Kubernetes
import Scaler
import Testing

@Suite("Schedule windows")
struct ScheduleTests {
  private static let week =
    "Mon-Fri 18:00-23:00 minAvailable=20 maxAvailable=40; Sat,Sun 10:00-24:00 minAvailable=50%; 22:00-02:00 maxAvailable=9"

  // 2026-01-05 was a Monday.
  @Test(
    "finds the first window that is open",
    arguments: [
      ("2026-01-05T17:59:59Z", nil), ("2026-01-05T18:00:00Z", 0), ("2026-01-05T22:30:00Z", 0),
      ("2026-01-05T23:00:00Z", 2), ("2026-01-06T01:59:00Z", 2), ("2026-01-06T02:00:00Z", nil),
      ("2026-01-10T10:00:00Z", 1), ("2026-01-10T23:59:59Z", 1), ("2026-01-11T00:00:00Z", 2),
      ("2026-01-12T01:00:00Z", 2), ("2026-01-12T12:00:00Z", nil),
    ] as [(String, Int?)])
  func findsWindow(time: String, index: Int?) throws {
    let schedule = try Schedule(Self.week, offset: nil)
    let moment = try #require(Timestamp(time))
    #expect(schedule.window(at: moment) == index.map { schedule.windows[$0] })
  }

  @Test(
    "follows the clock of the offset",
    arguments: [
      ("+08:00", "2026-01-05T10:00:00Z", true), ("-03:30", "2026-01-05T21:29:00Z", false),
      ("Z", "2026-01-05T18:00:00Z", true),
    ])
  func offset(offset: String, time: String, isOpen: Bool) throws {
    let schedule = try Schedule("Mon 18:00-23:00 minAvailable=2", offset: offset)
    let moment = try #require(Timestamp(time))
    #expect((schedule.window(at: moment) != nil) == isOpen)
  }

  @Test(
    "refuses windows that mean nothing",
    arguments: [
      "", ";", "18:00-23:00", "Foo 18:00-23:00 minAvailable=1", "18:00 minAvailable=1", "25:00-26:00 minAvailable=1",
      "18:00-23:60 minAvailable=1", "24:00-01:00 minAvailable=1", "18:00-19:00 minAvailable", "18:00-19:00 max=3",
      "18:00-19:00 minAvailable=-1", "Mon-Tue-Wed 18:00-19:00 minAvailable=1", "1:00-2:00 minAvailable=1",
    ])
  func refuses(text: String) {
    #expect(throws: TriggerError.self) { try Schedule(text, offset: nil) }
  }

  @Test("refuses an offset that is none", arguments: ["8", "+8:00", "+15:00", "Europe/Berlin", "+08:00x"])
  func refusesOffset(text: String) {
    #expect(throws: TriggerError.self) { try Schedule("00:00-24:00 minAvailable=1", offset: text) }
  }

  @Test("raises the minimum while a window is open, and lets it down after")
  func decides() throws {
    let trigger = try Trigger(["minAvailable": "2", "schedule": "Mon 18:00-23:00 minAvailable=20"])
    let snapshot = SetSnapshot(set: SetFacts(replicas: 5), counts: ServerCounts(total: 5, none: 5))
    let open = ScalingDecision(trigger, snapshot, at: try #require(Timestamp("2026-01-05T20:00:00Z")))
    let closed = ScalingDecision(trigger, snapshot, at: try #require(Timestamp("2026-01-05T23:00:00Z")))
    #expect(open.value == 20)
    #expect(closed.value == 5)
  }
}
