import Kubernetes
import Testing

@Suite("Reserved ordinals")
struct ReserveIDsTests {
  @Test(
    "leave servers as many places above them as they take",
    arguments: [
      (0, [0...5], 0), (3, [], 3), (3, [0...0], 4), (3, [3...9], 3), (3, [2...4], 6), (3, [0...1, 3...3], 6),
      (2, [5...6, 0...0, 0...1, 1...2], 5), (1, [0...999_999], 1_000_001), (1, [Int.max...Int.max], 1),
      (Int(Int32.max), [0...0], Int(Int32.max) + 1),
    ] as [(Int, [ClosedRange<Int>], Int)])
  func end(_ count: Int, _ reserved: [ClosedRange<Int>], _ end: Int) {
    #expect(ReserveIDs.end(of: count, without: reserved) == end)
  }

  @Test("are read without being counted one by one")
  func ranges() throws {
    #expect(try ReserveIDs.ranges([.int(3), .string("0-999999"), .int(3)]) == [3...3, 0...999_999, 3...3])
    #expect(throws: ReserveIDs.Problem.negative(-1)) { try ReserveIDs.ranges([.int(1), .int(-1), .string("x")]) }
    #expect(throws: ReserveIDs.Problem.malformed("5-3")) { try ReserveIDs.ranges([.string("5-3")]) }
  }
}
