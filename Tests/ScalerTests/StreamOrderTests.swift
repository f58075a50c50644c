import Testing

@testable import Scaler

@Suite("Order of streams")
struct StreamOrderTests {
  @Test(
    "takes a head on a new stream or one that was open, not on one that was passed over",
    arguments: [
      ([1, 3, 5], true), ([1, 3, 1], true), ([5, 3], false), ([5, 1], false), ([5, 5], true), ([1, 7, 3], false),
      ([1, 7, 5], false), ([1, 7, 9, 7], true), ([3, 9, 1], false), ([1, 2, 4], true), ([9, 2], true),
      ([Int32.max, Int32.max - 2], false),
    ] as [([Int32], Bool)])
  func order(ids: [Int32], takesLast: Bool) {
    var order = StreamOrder()
    for id in ids.dropLast() { _ = order.takesHead(id) }
    let answer = ids.last.map { order.takesHead($0) }
    #expect(answer == takesLast)
  }

  @Test("remembers the newest gaps, however many a client leaves")
  func gaps() {
    var order = StreamOrder()
    for turn in 0..<10_000 as Range<Int32> { _ = order.takesHead(4 * turn + 1) }
    let refused = (0..<9_999 as Range<Int32>).filter { !order.takesHead(4 * $0 + 3) }
    #expect(refused == Array(Int32(9_999 - StreamOrder.gapLimit)..<9_999))
  }
}
