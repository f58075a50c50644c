import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("The choice of host ports")
struct HostPortAllocatorTests {
  let store = ObjectStore()
  let now = ContinuousClock.now

  func allocator(_ range: PortRange = PortRange(8000, 9000)) -> HostPortAllocator {
    let allocator = HostPortAllocator(range: range)
    allocator.observe(store)
    return allocator
  }

  func give(
    _ allocator: HostPortAllocator, _ count: Int = 1, to name: String, besides own: [Int] = [], isDryRun: Bool = false,
    after: Duration = .zero
  ) throws -> [Int] {
    try allocator.allocate(
      count, for: NamespacedName("ns", name), in: NamespacedName("ns", "game"), besides: own, isDryRun: isDryRun,
      at: now + after)
  }

  @Test(
    "gives different ports of the range while there are free ones, and then none that is held more often than another")
  func distinct() throws {
    let allocator = allocator(PortRange(8000, 8099))
    let ports = try (0..<100).map { try give(allocator, to: "game-\($0)")[0] }
    #expect(Set(ports) == Set(8000...8099))
    let again = try (100..<200).map { try give(allocator, to: "game-\($0)")[0] }
    #expect(Set(again) == Set(8000...8099))
    #expect(allocator.holderCount(8000) == 2)
    #expect(allocator.report == .init(usable: 100, held: 100, handouts: 200))
  }

  @Test("is the same for the same name, in every replica and after a restart")
  func deterministic() throws {
    let ports = try (0..<50).map { try give(allocator(), 2, to: "game-\($0)") }
    #expect(try (0..<50).map { try give(allocator(), 2, to: "game-\($0)") } == ports)
    #expect(Set(ports.map { $0[0] }).count > 40)
  }

  @Test("is the same when a pod asks twice, and nothing more is held then")
  func repeated() throws {
    let allocator = allocator()
    let ports = try give(allocator, 2, to: "game-0")
    #expect(try give(allocator, 2, to: "game-0") == ports)
    #expect(ports.map(allocator.holderCount) == [1, 1])
  }

  @Test("is made anew when a pod asks for another number of ports")
  func changedCount() throws {
    let allocator = allocator()
    let one = try give(allocator, to: "game-0")
    let three = try give(allocator, 3, to: "game-0")
    #expect(three[0] == one[0])
    #expect(allocator.report.held == 3)
  }

  @Test("leaves out blocked ports and those that any pod of the store holds")
  func leavesOut() throws {
    store.set(.pods, TestPods.holding([8001, 8003, 9999], name: "other-0", set: "other"))
    let allocator = allocator(PortRange(8000, 8005, blocking: [8004]))
    store.set(.pods, TestPods.holding([8005], name: "game-9"))
    let ports = try (0..<2).map { try give(allocator, to: "game-\($0)")[0] }
    #expect(Set(ports) == [8000, 8002])
    #expect(allocator.report.held == 5)
  }

  @Test("shares a port when all are held, rather one that no pod of the same set holds")
  func shares() throws {
    let allocator = allocator(PortRange(8000, 8003))
    store.set(.pods, TestPods.holding([8000, 8001, 8003], name: "game-9"))
    store.set(.pods, TestPods.holding([8002], name: "other-0", set: "other"))
    #expect(try give(allocator, to: "game-0") == [8002])
    store.set(.pods, TestPods.holding([8000, 8001, 8003], name: "other-1", set: "other"))
    store.set(.pods, TestPods.holding([8000, 8001, 8003], name: "game-9", phase: "Failed"))
    #expect(try give(allocator, to: "game-1") != [8002])
  }

  @Test("never gives a pod a port that it declares itself, free or shared, new or given before")
  func ownPorts() throws {
    let allocator = allocator(PortRange(8000, 8003, blocking: [8003]))
    let first = try give(allocator, to: "game-0")[0]
    let others = Set([8000, 8001, 8002]).subtracting([first])
    let second = try give(allocator, to: "game-0", besides: [first])[0]
    #expect(others.contains(second))
    #expect(allocator.report.held == 1)
    for _ in 0..<4 {
      // The last of them shares a port.
      #expect(try Set(give(allocator, 2, to: "game-1", besides: [first, 8003, 9999])) == others)
      #expect(try !give(allocator, to: "dry-0", besides: [first], isDryRun: true).contains(first))
    }
    let error = #expect(throws: PluginError.self) { try give(allocator, 3, to: "game-2", besides: [first]) }
    #expect(error?.message.hasSuffix("; the pod declares \(first) itself") == true)
  }

  @Test("never gives one pod a port twice")
  func onePod() throws {
    let allocator = allocator(PortRange(8000, 8003))
    for pod in 0..<5 {
      let ports = try give(allocator, 3, to: "game-\(pod)")
      #expect(Set(ports).count == 3)
    }
    #expect((8000...8003).map(allocator.holderCount).sorted() == [3, 4, 4, 4])
  }

  @Test("fails with the range and its use where a pod needs more ports than there are")
  func insufficient() throws {
    let allocator = allocator(PortRange(8000, 8003, blocking: [8001]))
    _ = try give(allocator, to: "game-0")
    let error = #expect(throws: PluginError.self) { try give(allocator, 4, to: "game-1") }
    #expect(error?.code == .internal)
    #expect(
      error?.message == """
        insufficient port range: ns/game-1 needs 4 host ports but the range 8000 to 8003 only has 3, of which 1 are in use
        """)
    #expect(throws: PluginError.self) { try give(HostPortAllocator(range: PortRange()), to: "game-0") }
  }

  @Test("frees the ports of pods that are gone or ended")
  func frees() throws {
    let allocator = allocator()
    store.set(.pods, TestPods.holding([8000], name: "game-0"))
    store.set(.pods, TestPods.holding([8001], name: "game-1", phase: "Succeeded"))
    #expect(allocator.holderCount(8000) == 1)
    #expect(allocator.holderCount(8001) == 0)
    store.set(.pods, TestPods.holding([8000], name: "game-0", phase: "Failed"))
    #expect(allocator.holderCount(8000) == 0)
    store.set(.pods, TestPods.holding([8000], name: "game-0", uid: "v"))
    store.remove(.pods, NamespacedName("ns", "game-0"))
    #expect(allocator.report.held == 0)
  }

  @Test("counts a pod once in each port, whatever it uses it for")
  func once() {
    let allocator = allocator()
    store.set(.pods, TestPods.holding([8000, 8000], name: "game-0"))
    #expect(allocator.holderCount(8000) == 1)
  }

  @Test("knows the pods that were in the store before")
  func before() {
    store.set(.pods, TestPods.holding([8000], name: "game-0"))
    #expect(allocator().holderCount(8000) == 1)
  }
}

@Suite("Host ports that the store does not show yet")
struct HostPortHandoutTests {
  let base = HostPortAllocatorTests()

  @Test("are held until the pod is in the store, and then by the pod alone")
  func untilShown() throws {
    let allocator = base.allocator()
    let ports = try base.give(allocator, to: "game-0")
    base.store.set(.pods, TestPods.holding(ports, name: "game-0", uid: "new"))
    #expect(allocator.report == .init(usable: 1001, held: 1, handouts: 0))
    #expect(allocator.holderCount(ports[0]) == 1)
  }

  @Test("are free again after 30 seconds, when the pod never came")
  func expire() throws {
    let allocator = base.allocator()
    let ports = try base.give(allocator, to: "game-0")
    _ = try base.give(allocator, to: "game-1", after: .milliseconds(29_999))
    #expect(allocator.holderCount(ports[0]) == 1)
    _ = try base.give(allocator, to: "game-1", after: .seconds(30))
    #expect(allocator.holderCount(ports[0]) == 0)
    #expect(allocator.report.handouts == 1)
  }

  @Test("stay held when the store tells of an older pod of that name only now")
  func olderIncarnation() throws {
    let allocator = base.allocator()
    base.store.set(.pods, TestPods.holding([8000], name: "game-0", uid: "old"))
    let ports = try base.give(allocator, to: "game-0")
    #expect(ports == [8000])
    base.store.set(.pods, TestPods.holding([8000], name: "game-0", uid: "old", isBeingDeleted: true))
    base.store.remove(.pods, NamespacedName("ns", "game-0"))
    #expect(allocator.holderCount(8000) == 1)
    base.store.set(.pods, TestPods.holding([8000], name: "game-0", uid: "new"))
    #expect(allocator.report == .init(usable: 1001, held: 1, handouts: 0))
  }

  @Test("are those of a pod that ended, where they are still free")
  func ended() throws {
    let allocator = base.allocator()
    base.store.set(.pods, TestPods.holding([8000, 8001], name: "game-0", uid: "old"))
    base.store.set(.pods, TestPods.holding([8000, 8001], name: "game-0", uid: "old", phase: "Failed"))
    #expect(try base.give(allocator, 2, to: "game-0", isDryRun: true) == [8001, 8000])
    #expect(try base.give(allocator, 1, to: "game-0", besides: [8000], isDryRun: true) == [8001])
    base.store.set(.pods, TestPods.holding([8001], name: "game-1"))
    #expect(try !base.give(allocator, 2, to: "game-0", isDryRun: true).contains(8001))
    base.store.remove(.pods, NamespacedName("ns", "game-0"))
    #expect(allocator.report.held == 1)
  }

  @Test("are others than those of the older pod where somebody else holds these by now")
  func olderTaken() throws {
    let allocator = base.allocator()
    base.store.set(.pods, TestPods.holding([8000], name: "game-0", uid: "old"))
    base.store.set(.pods, TestPods.holding([8000], name: "game-1"))
    #expect(try base.give(allocator, to: "game-0") != [8000])
  }

  @Test("are not consumed by a thousand dry runs, whose answer is that of the real run")
  func dryRuns() throws {
    let allocator = base.allocator(PortRange(8000, 8009))
    for pod in 0..<5 { _ = try base.give(allocator, to: "game-\(pod)") }
    let report = allocator.report
    let holders = (8000...8009).map(allocator.holderCount)
    for run in 0..<1_000 { _ = try base.give(allocator, 1 + run % 10, to: "dry-\(run % 7)", isDryRun: true) }
    #expect(allocator.report == report)
    #expect((8000...8009).map(allocator.holderCount) == holders)
    let dry = try base.give(allocator, 3, to: "game-9", isDryRun: true)
    #expect(try base.give(allocator, 3, to: "game-9") == dry)
    #expect(try base.give(allocator, 3, to: "game-9", isDryRun: true) == dry)
  }

  @Test("are at most as many as an API server can make pods in 30 seconds; the oldest go first")
  func limit() throws {
    let allocator = base.allocator(PortRange(1, 65535))
    for pod in 0..<20_000 { _ = try base.give(allocator, to: "game-\(pod)") }
    #expect(allocator.report.handouts == 16_384)
    #expect(allocator.report.held == 16_384)
    let report = allocator.report
    _ = try base.give(allocator, to: "dry", isDryRun: true)
    #expect(allocator.report == report)
  }
}
