import TestSupport
import Testing

@testable import Controllers

@Suite struct QueueStateTests {
  private let clock = ManualClock()
  private var now: ContinuousClock.Instant { clock.continuousNow }

  private func queue(limit: Int = 100) -> QueueState<String> {
    QueueState(backOff: QueueBackOff(first: .seconds(1), longest: .seconds(60)), limit: limit)
  }

  private func taken(_ queue: inout QueueState<String>) -> String? { queue.take(now)?.key }

  @Test("hands keys out in the order in which they came, each once")
  func order() {
    var queue = queue()
    for key in ["a", "b", "a", "c", "b"] { _ = queue.add(key, now) }
    #expect(queue.depth == 3)
    let all = [taken(&queue), taken(&queue), taken(&queue), taken(&queue)]
    #expect(all == ["a", "b", "c", nil])
  }

  @Test("a key that is added while it is worked on comes back when that is done, and not before")
  func serialises() {
    var queue = queue()
    _ = queue.add("a", now)
    _ = taken(&queue)
    _ = queue.add("a", now)
    _ = queue.add("a", now)
    let during = taken(&queue)
    #expect(during == nil)
    let isBack = queue.finish("a", .no, now, random: 0)
    #expect(isBack)
    let after = [taken(&queue), taken(&queue)]
    #expect(after == ["a", nil])
  }

  @Test("a delayed key waits for the earliest of its times, and an immediate add overtakes it")
  func delays() {
    var queue = queue()
    _ = queue.add("a", at: now + .seconds(10))
    _ = queue.add("a", at: now + .seconds(5))
    _ = queue.add("a", at: now + .seconds(20))
    _ = queue.add("b", at: now + .seconds(7))
    _ = queue.add("b", now)
    #expect(queue.nextDue == now + .seconds(5))
    #expect(queue.delayedCount == 1)
    clock.advance(by: .milliseconds(4_999))
    let early = queue.promote(now)
    #expect(early == 0)
    clock.advance(by: .milliseconds(1))
    let due = queue.promote(now)
    #expect(due == 1)
    let all = [taken(&queue), taken(&queue), taken(&queue)]
    #expect(all == ["b", "a", nil])
    clock.advance(by: .seconds(60))
    let late = queue.promote(now)
    #expect(late == 0)
  }

  @Test("a failing key waits twice as long each time, also when it keeps changing, and begins again after a success")
  func backsOff() {
    var queue = queue()
    var waits: [Duration] = []
    for _ in 0..<8 {
      _ = queue.add("a", now)
      while taken(&queue) == nil {
        clock.advance(by: .milliseconds(250))
        _ = queue.promote(now)
      }
      // A change comes in while the work fails.
      _ = queue.add("a", now)
      let isBack = queue.finish("a", .backOff, now, random: 1)
      #expect(!isBack)
      waits.append(queue.nextDue.map { now.duration(to: $0) } ?? .zero)
      clock.advance(by: waits.last ?? .zero)
      _ = queue.promote(now)
    }
    #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
    _ = taken(&queue)
    _ = queue.finish("a", .no, now, random: 1)
    _ = queue.add("a", now)
    _ = taken(&queue)
    _ = queue.finish("a", .backOff, now, random: 1)
    #expect(queue.nextDue == now + .seconds(1))
  }

  @Test("a key with a time to come back at comes back at once when it changed meanwhile")
  func after() {
    var queue = queue()
    _ = queue.add("a", now)
    _ = taken(&queue)
    let quiet = queue.finish("a", .after(.seconds(30)), now, random: 0)
    #expect(!quiet)
    #expect(queue.nextDue == now + .seconds(30))
    clock.advance(by: .seconds(30))
    _ = queue.promote(now)
    _ = taken(&queue)
    _ = queue.add("a", now)
    let isBack = queue.finish("a", .after(.seconds(30)), now, random: 0)
    #expect(isBack)
  }

  @Test("says once that a key found no room")
  func overflows() {
    var queue = queue(limit: 2)
    for key in ["a", "b", "c"] { _ = queue.add(key, now) }
    _ = queue.add("d", at: now + .seconds(1))
    #expect(queue.depth == 2)
    let first = queue.takeOverflow()
    let second = queue.takeOverflow()
    #expect(first && !second)
  }

  @Test("says how long a key waited")
  func measures() {
    var queue = queue()
    _ = queue.add("a", now)
    clock.advance(by: .seconds(3))
    #expect(queue.take(now)?.waited == .seconds(3))
  }

  @Test("loses and doubles nothing, whatever the order of calls", arguments: 0..<20)
  func agreesWithModel(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var queue = queue(limit: 10_000)
    var wanted: Set<String> = []
    var running: Set<String> = []
    for _ in 0..<5_000 {
      let key = String(Int.random(in: 0..<30, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1:
        _ = queue.add(key, now)
        wanted.insert(key)
      case 2:
        _ = queue.add(key, at: now + .milliseconds(Int.random(in: 0..<500, using: &random)))
        wanted.insert(key)
      case 3:
        if let key = taken(&queue) {
          let isNew = running.insert(key).inserted
          #expect(isNew, "two workers have \(key)")
          wanted.remove(key)
        }
      case 4:
        if let key = running.randomElement(using: &random) {
          running.remove(key)
          _ = queue.finish(key, .no, now, random: 0)
        }
      default:
        clock.advance(by: .milliseconds(50))
        _ = queue.promote(now)
      }
    }
    clock.advance(by: .seconds(60))
    for key in running { _ = queue.finish(key, .no, now, random: 0) }
    _ = queue.promote(now)
    var left: Set<String> = []
    while let key = taken(&queue) { left.insert(key) }
    #expect(wanted.isSubset(of: left))
  }
}
