import TestSupport
import Testing

@testable import NetworkPlugins

@Suite("The use of ports")
struct PortUsageTests {
  /// The same bookkeeping in the plainest way.
  struct Model {
    var holders: [Int: Int]
    init(_ ports: [Int]) { holders = Dictionary(uniqueKeysWithValues: ports.map { ($0, 0) }) }

    func order(from port: Int) -> [Int] {
      let sorted = holders.keys.sorted()
      return sorted.filter { $0 >= port } + sorted.filter { $0 < port }
    }
    func firstFree(from port: Int) -> Int? { order(from: port).first { holders[$0] == 0 } }
    func leastHeld(from port: Int, except taken: Set<Int>, avoided: Set<Int>) -> Int? {
      let open = order(from: port).filter { !taken.contains($0) }
      guard let least = open.compactMap({ holders[$0] }).min() else { return nil }
      let candidates = open.filter { holders[$0] == least }
      return candidates.prefix(64).first { !avoided.contains($0) } ?? candidates.first
    }
  }

  @Test(
    "agrees with a plain count at every step",
    arguments: [
      PortRange(8000, 9000), PortRange(1, 64), PortRange(1, 65, blocking: [2, 64]), PortRange(500, 503),
      PortRange(10, 200, blocking: Array(11...190)), PortRange(65472, 65535),
    ])
  func agrees(_ range: PortRange) {
    var generator = SeededGenerator(seed: UInt64(range.minPort))
    let all = Array(range.minPort...range.maxPort)
    var usage = PortUsage(range)
    var model = Model(all.filter { !range.blockPorts.contains($0) })
    #expect(usage.usableCount == model.holders.count)
    for step in 0..<4_000 {
      let port = all[Int.random(in: 0..<all.count, using: &generator)]
      if usage.holderCount(port) > 0, step % 3 == 0 {
        usage.release(port)
        if let count = model.holders[port] { model.holders[port] = count - 1 }
      } else {
        usage.hold(port)
        if let count = model.holders[port] { model.holders[port] = count + 1 }
      }
      #expect(usage.heldCount == model.holders.values.count { $0 > 0 })
      let from = all[Int.random(in: 0..<all.count, using: &generator)]
      #expect(usage.firstFree(from: from) == model.firstFree(from: from))
      guard step % 40 == 0 else { continue }
      let taken = Set(all.shuffled(using: &generator).prefix(2))
      let avoided = Set(all.shuffled(using: &generator).prefix(all.count / 2))
      #expect(
        usage.leastHeld(from: from, except: taken) { avoided.contains($0) }
          == model.leastHeld(from: from, except: taken, avoided: avoided))
    }
  }

  @Test(
    "has nothing to give of a range that makes no sense",
    arguments: [PortRange(), PortRange(9, 8), PortRange(1, 70000)])
  func senseless(_ range: PortRange) {
    #expect(PortUsage(range).usableCount == 0)
    #expect(!PortUsage(range).mayGive(range.minPort))
  }
}
