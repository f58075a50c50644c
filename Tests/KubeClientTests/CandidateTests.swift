import Kubernetes
import Telemetry
import TestSupport
import Testing

@testable import KubeClient

@Suite struct CandidateTests {
  private let clock = ManualClock()
  private let wall = WallTime(seconds: 1_700_000_000)

  private func candidate(_ identity: String = "a") -> Candidate {
    Candidate(identity: identity, timing: .standard)
  }

  private func record(_ holder: String, _ renewed: String = "r0", duration: Duration = .seconds(15)) -> LeaseRecord {
    LeaseRecord(holder: holder, duration: duration, acquireTime: "t", renewTime: renewed, transitions: 3)
  }

  private func next(_ candidate: inout Candidate) -> Candidate.Step {
    candidate.next(clock.continuousNow, wall, random: 0)
  }

  @Test("creates a lease that is not there and leads")
  func creates() {
    var one = candidate()
    #expect(next(&one) == .read)
    one.read(nil, version: "", clock.continuousNow)
    guard case .create(let record) = next(&one) else {
      Issue.record("nothing was created")
      return
    }
    #expect(record.holder == "a")
    #expect(record.renewTime == "2023-11-14T22:13:20.000000Z")
    one.wrote(record, version: "1", startedAt: clock.continuousNow, clock.continuousNow)
    #expect(one.role == .leader(renewedAt: clock.continuousNow))
    #expect(next(&one) == .wait(.seconds(2)))
    clock.advance(by: .seconds(2))
    #expect(next(&one) == .update(record, version: "1"))
  }

  @Test("takes a lease over only after its duration without any change")
  func waitsOut() {
    var one = candidate()
    one.read(record("b", "r0"), version: "1", clock.continuousNow)
    #expect(next(&one) == .wait(.seconds(2)))
    clock.advance(by: .seconds(14))
    one.read(record("b", "r1"), version: "2", clock.continuousNow)
    clock.advance(by: .seconds(14))
    one.read(record("b", "r1"), version: "3", clock.continuousNow)
    #expect(next(&one) == .wait(.seconds(2)))
    clock.advance(by: .seconds(1))
    one.read(record("b", "r1"), version: "3", clock.continuousNow)
    guard case .update(let taken, "3") = next(&one) else {
      Issue.record("the lease was not taken")
      return
    }
    #expect(taken.holder == "a")
    #expect(taken.transitions == 4)
  }

  @Test("takes a lease that was given up at once")
  func takesReleased() {
    var one = candidate()
    one.read(record("", duration: .seconds(1)), version: "1", clock.continuousNow)
    guard case .update(let taken, "1") = next(&one) else {
      Issue.record("the lease was not taken")
      return
    }
    #expect(taken.duration == .seconds(15))
  }

  private func leader() -> Candidate {
    var one = candidate()
    one.read(nil, version: "", clock.continuousNow)
    _ = next(&one)
    one.wrote(record("a"), version: "1", startedAt: clock.continuousNow, clock.continuousNow)
    return one
  }

  @Test("a leader that cannot renew tries on and stops at the deadline, not later")
  func stopsAtDeadline() {
    var one = leader()
    clock.advance(by: .seconds(2))
    for _ in 0..<4 {
      #expect(next(&one) != .lost)
      one.failed(clock.continuousNow, random: 0)
      clock.advance(by: .seconds(1))
      #expect(next(&one) == .wait(.seconds(1)))
      clock.advance(by: .seconds(1))
    }
    #expect(next(&one) == .lost)
    #expect(one.role == .follower)
  }

  @Test("the wait of a leader never reaches beyond its deadline")
  func waitsNotTooLong() {
    var one = leader()
    clock.advance(by: .milliseconds(9_500))
    one.failed(clock.continuousNow, random: 0)
    #expect(next(&one) == .wait(.milliseconds(500)))
  }

  @Test("counts a renewal from its beginning")
  func countsFromBeginning() {
    var one = leader()
    let start = clock.continuousNow
    clock.advance(by: .seconds(4))
    one.wrote(record("a"), version: "2", startedAt: start, clock.continuousNow)
    clock.advance(by: .seconds(6))
    #expect(next(&one) == .lost)
  }

  @Test("a leader that finds another's name stops")
  func deposed() {
    var one = leader()
    one.read(record("b"), version: "9", clock.continuousNow)
    #expect(next(&one) == .lost)
    #expect(one.role == .follower)
    #expect(next(&one) == .read)
  }

  @Test("a leader that was frozen stops when it wakes up")
  func frozen() {
    var one = leader()
    clock.advance(by: .seconds(3600))
    #expect(next(&one) == .lost)
  }

  @Test("a leader gives up by emptying the holder, a follower has nothing to give up")
  func resigns() {
    #expect(leader().resignation(wall)?.record.holder == "")
    #expect(leader().resignation(wall)?.version == "1")
    #expect(candidate().resignation(wall) == nil)
  }
}
