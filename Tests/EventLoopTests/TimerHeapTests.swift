import EventLoop
import TestSupport
import Testing

@Suite("The timer heap")
struct TimerHeapTests {
  private let start = ContinuousClock.now

  @Test("gives timers in the order of their deadlines, equal ones in the order of setting")
  func ordersTimers() {
    var heap = TimerHeap<String>()
    for (name, seconds) in [("c", 3), ("a", 1), ("b1", 2), ("d", 4), ("b2", 2)] {
      _ = heap.set(name, at: start + .seconds(seconds))
    }
    #expect(heap.earliest == start + .seconds(1))
    #expect(takeAll(&heap, at: start + .seconds(2)) == ["a", "b1", "b2"])
    #expect(heap.takeDue(at: start + .milliseconds(2999)) == nil)
    #expect(takeAll(&heap, at: start + .seconds(9)) == ["c", "d"])
    #expect(heap.earliest == nil)
  }

  @Test("agrees with a sorted list over a long random history", arguments: [1, 2, 3] as [UInt64])
  func agreesWithModel(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var heap = TimerHeap<Int>()
    var model: [(at: Int, value: Int, id: TimerID)] = []
    for step in 0..<5000 {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<5:
        let at = step + Int.random(in: 0..<500, using: &generator)
        model.append((at, step, heap.set(step, at: start + .seconds(at))))
      case 5..<8 where !model.isEmpty:
        let index = Int.random(in: 0..<model.count, using: &generator)
        heap.cancel(model.remove(at: index).id)
      default:
        let due = model.filter { $0.at <= step }.sorted { ($0.at, $0.value) < ($1.at, $1.value) }.map(\.value)
        model.removeAll { $0.at <= step }
        #expect(takeAll(&heap, at: start + .seconds(step)) == due)
      }
      #expect(heap.count == model.count)
    }
  }

  @Test("forgets a timer that is taken back, also twice")
  func cancels() {
    var heap = TimerHeap<Int>()
    let first = heap.set(1, at: start)
    heap.cancel(first)
    heap.cancel(first)
    #expect(heap.count == 0)
    #expect(heap.takeDue(at: start + .seconds(1)) == nil)
  }

  private func takeAll<Payload>(_ heap: inout TimerHeap<Payload>, at time: ContinuousClock.Instant) -> [Payload] {
    var taken: [Payload] = []
    while let payload = heap.takeDue(at: time) { taken.append(payload) }
    return taken
  }
}
