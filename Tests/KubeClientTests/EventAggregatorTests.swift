import Kubernetes
import Telemetry
import TestSupport
import Testing

@testable import KubeClient

@Suite struct EventAggregatorTests {
  private let clock = ManualClock()
  private let wall = WallTime(seconds: 1_700_000_000)

  private func occurrence(_ message: String, name: String = "one") -> EventAggregator.Occurrence {
    let object = ObjectReference(.pods, NamespacedName("n", name), uid: name)
    return EventAggregator.Occurrence(object: object, isWarning: false, reason: "Scaled", message: message)
  }

  @Test("counts the same message up under one name")
  func counts() throws {
    var aggregator = EventAggregator(seed: 15)
    guard case .create(let name, let first) = aggregator.take(occurrence("a"), clock.continuousNow, wall) else {
      Issue.record("no event was made")
      return
    }
    #expect(name == "one.10")
    #expect(first.count == 1)
    let later = WallTime(seconds: wall.seconds + 5)
    guard case .count(let again, let second) = aggregator.take(occurrence("a"), clock.continuousNow, later) else {
      Issue.record("the event was not counted")
      return
    }
    #expect(again == name)
    #expect(second.count == 2)
    #expect(second.first == "2023-11-14T22:13:20Z")
    #expect(second.last == "2023-11-14T22:13:25Z")
  }

  @Test("shows many similar messages as one that has the newest text")
  func combines() {
    var aggregator = EventAggregator(seed: 0)
    var created: Set<String> = []
    var last: EventRecord?
    for number in 0..<20 {
      switch aggregator.take(occurrence("m\(number)"), clock.continuousNow, wall) {
      case .create(let name, let record), .count(let name, let record):
        created.insert(name)
        last = record
      case nil: Issue.record("an event was left out")
      }
    }
    #expect(created.count == EventAggregator.similarLimit + 1)
    #expect(last?.occurrence.message == "(combined from similar events): m19")
    #expect(last?.count == 10)
    clock.advance(by: .seconds(601))
    guard case .create(_, let fresh) = aggregator.take(occurrence("new"), clock.continuousNow, wall) else {
      Issue.record("the window did not end")
      return
    }
    #expect(fresh.occurrence.message == "new")
  }

  @Test("an object that never stops is silenced, others are not")
  func silences() {
    var aggregator = EventAggregator(seed: 0)
    let heard = (0..<100).count { _ in aggregator.take(occurrence("a"), clock.continuousNow, wall) != nil }
    #expect(heard == EventAggregator.burst)
    #expect(aggregator.take(occurrence("a", name: "two"), clock.continuousNow, wall) != nil)
    clock.advance(by: .seconds(301))
    #expect(aggregator.take(occurrence("a"), clock.continuousNow, wall) != nil)
    #expect(aggregator.take(occurrence("a"), clock.continuousNow, wall) == nil)
  }

  @Test("makes an event anew once the server has forgotten it")
  func forgets() {
    var aggregator = EventAggregator(seed: 0)
    let first = occurrence("a")
    _ = aggregator.take(first, clock.continuousNow, wall)
    aggregator.forget(first.object)
    guard case .create = aggregator.take(first, clock.continuousNow, wall) else {
      Issue.record("a forgotten event was counted")
      return
    }
  }

  @Test("remembers a bounded number of objects")
  func isBounded() {
    var aggregator = EventAggregator(seed: 0)
    for number in 0..<(EventAggregator.memory + 10) {
      _ = aggregator.take(occurrence("a", name: "p\(number)"), clock.continuousNow, wall)
      clock.advance(by: .milliseconds(1))
    }
    guard case .create = aggregator.take(occurrence("a", name: "p0"), clock.continuousNow, wall) else {
      Issue.record("the oldest was remembered")
      return
    }
    guard case .count = aggregator.take(occurrence("a", name: "p\(EventAggregator.memory)"), clock.continuousNow, wall)
    else {
      Issue.record("a young one was forgotten")
      return
    }
  }
}
