import Kubernetes
import Telemetry
import TestSupport
import Testing

@testable import KubeClient

/// Candidates, a lease and a network that loses and delays, all in simulated time.
@Suite struct ElectionSimulationTests {
  /// A call on its way: it takes effect at one moment and is answered, or not, at a later one.
  private struct Call {
    let candidate: Int
    let step: Candidate.Step
    let startedAt: ContinuousClock.Instant
    let effectAt: ContinuousClock.Instant
    let answerAt: ContinuousClock.Instant
    let isLost: Bool
    var outcome: Outcome?
  }

  private enum Outcome {
    case lease(LeaseRecord?, version: Int)
    case written(LeaseRecord, version: Int)
    case conflict
  }

  private struct World {
    var random: SeededGenerator
    var candidates: [Candidate]
    var calls: [Call] = []
    var sleeps: [ContinuousClock.Instant]
    var frozenUntil: [ContinuousClock.Instant]
    var lease: LeaseRecord?
    var version = 0
    var takeovers = 0
  }

  private let timing = ElectionTiming.standard
  /// The grain of the simulation.
  private let grain = Duration.milliseconds(50)

  @Test("two may never write at the same time, whatever the network and the scheduler do", arguments: 0..<60)
  func neverTwoWriters(seed: UInt64) {
    var now = ContinuousClock.now
    let start = now
    var world = World(
      random: SeededGenerator(seed: seed),
      candidates: ["a", "b", "c"].map { Candidate(identity: $0, timing: timing) },
      sleeps: [now, now, now], frozenUntil: [now, now, now])
    var lastHolder = ""
    while now < start + .seconds(600) {
      step(&world, now)
      let writers = world.candidates.indices.filter { mayStillWrite(world.candidates[$0], now) }
      #expect(writers.count <= 1, "seed \(seed), second \(start.duration(to: now).components.seconds)")
      if let holder = world.lease?.holder, !holder.isEmpty, holder != lastHolder {
        world.takeovers += 1
        lastHolder = holder
      }
      now += grain
    }
    #expect(world.takeovers > 1, "a leader that is frozen now and then is followed by another")
  }

  /// A write that began before the renew deadline may go on until the lease runs out.
  private func mayStillWrite(_ candidate: Candidate, _ now: ContinuousClock.Instant) -> Bool {
    guard case .leader(let renewedAt) = candidate.role else { return false }
    return now < renewedAt + timing.leaseDuration
  }

  private func step(_ world: inout World, _ now: ContinuousClock.Instant) {
    for place in world.calls.indices where world.calls[place].outcome == nil && world.calls[place].effectAt <= now {
      world.calls[place].outcome = perform(world.calls[place].step, &world)
    }
    for index in world.candidates.indices {
      if Int.random(in: 0..<800, using: &world.random) == 0 {
        world.frozenUntil[index] = now + .seconds(Int.random(in: 1...60, using: &world.random))
      }
      guard world.frozenUntil[index] <= now else { continue }
      act(index, &world, now)
    }
  }

  private func act(_ index: Int, _ world: inout World, _ now: ContinuousClock.Instant) {
    if let place = world.calls.firstIndex(where: { $0.candidate == index }) {
      guard world.calls[place].answerAt <= now else { return }
      answer(world.calls.remove(at: place), &world, now)
    }
    guard world.sleeps[index] <= now else { return }
    let random = Double.random(in: 0..<1, using: &world.random)
    switch world.candidates[index].next(now, WallTime(seconds: 0), random: random) {
    case .wait(let time): world.sleeps[index] = now + time
    case .lost: break
    case let step:
      let first = Duration.milliseconds(Int.random(in: 0...1_500, using: &world.random))
      let second = Duration.milliseconds(Int.random(in: 0...1_500, using: &world.random))
      let isLost = Int.random(in: 0..<6, using: &world.random) == 0
      // A lost answer is noticed by the timeout.
      let answerAt = isLost ? now + .seconds(5) : now + first + second
      world.calls.append(
        Call(
          candidate: index, step: step, startedAt: now, effectAt: now + first, answerAt: answerAt, isLost: isLost))
    }
  }

  private func perform(_ step: Candidate.Step, _ world: inout World) -> Outcome {
    switch step {
    case .read: return .lease(world.lease, version: world.version)
    case .create(let record):
      guard world.lease == nil else { return .conflict }
      return store(record, &world)
    case .update(let record, let version):
      guard version == String(world.version) else { return .conflict }
      return store(record, &world)
    case .wait, .lost: return .conflict
    }
  }

  private func store(_ record: LeaseRecord, _ world: inout World) -> Outcome {
    world.version += 1
    var record = record
    // Every renewal differs, as its time does in truth.
    record.renewTime = String(world.version)
    world.lease = record
    return .written(record, version: world.version)
  }

  private func answer(_ call: Call, _ world: inout World, _ now: ContinuousClock.Instant) {
    let index = call.candidate
    guard !call.isLost, let outcome = call.outcome else {
      return world.candidates[index].failed(now, random: 0.5)
    }
    switch outcome {
    case .lease(let record, let version):
      world.candidates[index].read(record, version: String(version), now)
    case .written(let record, let version):
      world.candidates[index].wrote(record, version: String(version), startedAt: call.startedAt, now)
    case .conflict: world.candidates[index].failed(now, random: 0.5)
    }
  }
}
