import TestSupport
import Testing

@Suite struct ManualClockTests {
  @Test("stands still until it is advanced, on both scales")
  func advance() {
    let clock = ManualClock()
    let start = clock.continuousNow
    #expect(clock.now.elapsed == .zero)
    clock.advance(by: .seconds(5))
    #expect(clock.now.elapsed == .seconds(5))
    #expect(start.duration(to: clock.continuousNow) == .seconds(5))
  }

  @Test("wakes a sleeper when its deadline is reached, and no earlier")
  func sleeping() async throws {
    let clock = ManualClock()
    let sleeper = Task { try await clock.sleep(for: .seconds(2)) }
    while clock.sleeperCount == 0 { await Task.yield() }
    clock.advance(by: .seconds(1))
    #expect(clock.sleeperCount == 1)
    clock.advance(by: .seconds(1))
    #expect(clock.sleeperCount == 0)
    try await sleeper.value
  }

  @Test("a cancelled sleeper ends at once, cancelled before or while it sleeps", arguments: [false, true])
  func cancelled(_ early: Bool) async {
    let clock = ManualClock()
    let sleeper = Task { try await clock.sleep(for: .seconds(2)) }
    if !early { while clock.sleeperCount == 0 { await Task.yield() } }
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
    #expect(clock.sleeperCount == 0)
  }

  @Test("does not sleep for a moment that has passed")
  func past() async throws {
    try await ManualClock().sleep(for: .zero)
  }
}
