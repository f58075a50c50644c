import Testing

@testable import HotReload

@Suite("The agent's machine")
struct AgentMachineTests {
  private let start = ContinuousClock.now

  private func machine(
    notifies: Bool = true, open: Bool = true, current: String? = "a", notified: String? = "a"
  ) -> AgentMachine {
    AgentMachine(notifies: notifies, gateIsOpen: open, current: current, notified: notified, at: start)
  }

  private func report(_ revision: String) -> PublishOutcome.Report {
    PublishOutcome.Report(revision: revision, source: revision, usesValues: false, files: 1, bytes: 1)
  }

  private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

  @Test("publishes a change and notifies of it once")
  func publishes() {
    var machine = machine()
    #expect(machine.handle(.sourceMayHaveChanged, at: start) == [.publish])
    #expect(machine.isPublishing)
    #expect(machine.handle(.publishEnded(.published(report("b"))), at: at(1)) == [.notify(revision: "b")])
    #expect(machine.handle(.notificationEnded(revision: "b", .delivered), at: at(2)) == [])
    #expect(machine.delivery == .done)
    #expect(machine.deadline == nil)
  }

  @Test("says nothing of the first revision, which the game reads when it starts")
  func first() {
    var machine = machine(current: nil, notified: nil)
    #expect(machine.handle(.sourceMayHaveChanged, at: start) == [.publish])
    #expect(machine.handle(.publishEnded(.published(report("a"))), at: at(1)) == [])
    #expect(machine.delivery == .done)
  }

  @Test("publishes the first revision although the gate is closed")
  func firstWhileClosed() {
    var machine = machine(open: false, current: nil, notified: nil)
    #expect(machine.handle(.sourceMayHaveChanged, at: start) == [.publish])
  }

  @Test("holds changes while the gate is closed, and publishes once when it opens")
  func gate() {
    var machine = machine(open: false)
    for second in 0..<5 { #expect(machine.handle(.sourceMayHaveChanged, at: at(Double(second))) == []) }
    #expect(machine.isHeld)
    #expect(machine.deadline == nil)
    #expect(machine.handle(.gate(isOpen: true), at: at(9)) == [.publish])
    #expect(!machine.isHeld)
    #expect(machine.handle(.publishEnded(.published(report("f"))), at: at(10)) == [.notify(revision: "f")])
    #expect(machine.deadline == nil)
  }

  @Test("has started with the first look at its own source, not with what an earlier run left")
  func started() {
    var machine = machine()
    #expect(!machine.isStarted)
    _ = machine.handle(.sourceMayHaveChanged, at: start)
    _ = machine.handle(.publishEnded(.failed("x")), at: at(1))
    #expect(!machine.isStarted)
    _ = machine.handle(.wokenUp, at: at(9))
    _ = machine.handle(.publishEnded(.unchanged(report("a"))), at: at(10))
    #expect(machine.isStarted)
    _ = machine.handle(.sourceMayHaveChanged, at: at(20))
    _ = machine.handle(.publishEnded(.failed("x")), at: at(21))
    #expect(machine.isStarted)
  }

  @Test("has started where the gate keeps the set that is there")
  func startedHeld() {
    var machine = machine(open: false)
    _ = machine.handle(.sourceMayHaveChanged, at: start)
    #expect(machine.isStarted)
  }

  @Test("publishes again what changed while it published, after a pause")
  func changedMeanwhile() {
    var machine = machine(notifies: false)
    #expect(machine.handle(.sourceMayHaveChanged, at: start) == [.publish])
    #expect(machine.handle(.sourceMayHaveChanged, at: start) == [])
    #expect(machine.handle(.publishEnded(.unchanged(report("a"))), at: at(1)) == [])
    #expect(machine.deadline == at(1) + AgentMachine.spacing)
    #expect(machine.handle(.wokenUp, at: at(1.05)) == [])
    #expect(machine.handle(.wokenUp, at: at(1.1)) == [.publish])
  }

  @Test("tries a failed publish again, later each time, and at once when the source changes")
  func failures() {
    var machine = machine()
    var now = start
    #expect(machine.handle(.sourceMayHaveChanged, at: now) == [.publish])
    for wait in [1, 2, 4, 8, 16, 32, 60, 60] {
      #expect(machine.handle(.publishEnded(.failed("x")), at: now) == [])
      #expect(machine.deadline == now + .seconds(wait))
      now += .seconds(wait)
      #expect(machine.handle(.wokenUp, at: now) == [.publish])
    }
    #expect(machine.handle(.publishEnded(.failed("x")), at: now) == [])
    #expect(machine.handle(.sourceMayHaveChanged, at: now + .seconds(1)) == [.publish])
  }

  @Test("notifies again until it succeeds, later each time")
  func notificationRetries() {
    var machine = machine(notified: "older")
    #expect(machine.handle(.wokenUp, at: start) == [.notify(revision: "a")])
    #expect(machine.handle(.notificationEnded(revision: "a", .failed("x")), at: start) == [])
    #expect(machine.deadline == at(1))
    #expect(machine.handle(.wokenUp, at: at(1)) == [.notify(revision: "a")])
    #expect(machine.handle(.notificationEnded(revision: "a", .failed("x", wait: .seconds(30))), at: at(1)) == [])
    #expect(machine.deadline == at(31))
    #expect(machine.handle(.wokenUp, at: at(31)) == [.notify(revision: "a")])
    #expect(machine.handle(.notificationEnded(revision: "a", .delivered), at: at(31)) == [])
    #expect(machine.deadline == nil)
  }

  @Test("lets a newer revision take the place of one that could not be told")
  func newerWins() {
    var machine = machine(notified: "older")
    #expect(machine.handle(.wokenUp, at: start) == [.notify(revision: "a")])
    #expect(machine.handle(.sourceMayHaveChanged, at: start) == [.publish])
    #expect(machine.handle(.publishEnded(.published(report("b"))), at: at(1)) == [.notify(revision: "b")])
    // The late answer for the older one changes nothing.
    #expect(machine.handle(.notificationEnded(revision: "a", .delivered), at: at(2)) == [])
    #expect(machine.delivery == .running(revision: "b", failures: 0))
  }

  @Test("tells the game of a roll-back, whatever the gate says")
  func rollBack() {
    var machine = machine(open: false, current: "b", notified: "b")
    #expect(machine.handle(.rolledBack(to: "a"), at: start) == [.notify(revision: "a")])
    #expect(machine.current == "a")
  }

  @Test("tells what an earlier run could not tell any more, and nothing else")
  func restart() {
    var told = machine(current: "b", notified: "b")
    #expect(told.handle(.wokenUp, at: start) == [])
    var untold = machine(current: "b", notified: "a")
    #expect(untold.handle(.wokenUp, at: start) == [.notify(revision: "b")])
    var silent = machine(notifies: false, current: "b", notified: "a")
    #expect(silent.handle(.wokenUp, at: start) == [])
  }
}
