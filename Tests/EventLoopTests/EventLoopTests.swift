import EventLoop
import Synchronization
import TestSupport
import Testing

@Suite("The event loop")
struct EventLoopTests {
  /// Writes down what it hears.
  private final class Recorder: EventHandler {
    var heard: [Readiness] = []
    var reaction: () -> Void = {}

    func ready(_ readiness: Readiness) {
      heard.append(readiness)
      reaction()
    }
  }

  @Test("runs timers when their time has come, and those that were taken back never")
  func runsTimers() throws {
    let clock = ManualClock()
    let loop = try EventLoop(name: "test") { clock.continuousNow }
    var ran: [Int] = []
    loop.schedule(at: clock.continuousNow + .seconds(2)) { ran.append(2) }
    loop.schedule(at: clock.continuousNow + .seconds(1)) { ran.append(1) }
    loop.cancel(loop.schedule(at: clock.continuousNow + .seconds(1)) { ran.append(0) })
    try loop.turn(waiting: false)
    #expect(ran.isEmpty)
    clock.advance(by: .seconds(1))
    try loop.turn(waiting: false)
    #expect(ran == [1])
    clock.advance(by: .seconds(1))
    try loop.turn(waiting: false)
    #expect(ran == [1, 2])
    #expect(loop.timerCount == 0)
  }

  @Test("wakes by itself for a timer under the real clock")
  func wakesForTimers() throws {
    let loop = try EventLoop(name: "test")
    var ran = false
    loop.schedule(at: .now + .milliseconds(2)) { ran = true }
    while !ran { try loop.turn() }
    #expect(loop.timerCount == 0)
  }

  @Test("runs closures of many threads, each thread's in its order, and all before it ends")
  func runsSubmissions() throws {
    let loop = try EventLoop(name: "submit")
    let seen = Mutex<[Int: [Int]]>([:])
    try loop.start()
    var threads: [JoinLater] = []
    for thread in 0..<4 {
      threads.append(
        try JoinLater {
          for number in 0..<1000 {
            loop.submit { seen.withLock { $0[thread, default: []].append(number) } }
          }
        })
    }
    for thread in threads { thread.join() }
    loop.stop()
    loop.join()
    #expect(seen.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<4).map { ($0, Array(0..<1000)) }))
    #expect(!loop.submit {})
  }

  @Test("loses no wake-up that comes from a handler of the same turn")
  func keepsWakeUps() throws {
    let loop = try EventLoop(name: "wake")
    let pair = try Pair()
    let recorder = Recorder()
    _ = try loop.add(pair.near, for: .readable, handler: recorder)
    var ran = 0
    let count = Atomic(0)
    for round in 1...50 {
      recorder.reaction = {
        pair.empty()
        loop.submit { count.add(1, ordering: .relaxed) }
      }
      // Both are ready in one turn: the wake-up, and the handler that makes another one.
      loop.submit { count.add(1, ordering: .relaxed) }
      try pair.fill()
      while count.load(ordering: .relaxed) < 2 * round { try loop.turn() }
      ran += 1
    }
    #expect(ran == 50)
  }

  @Test("tells once that the reports which came together are handled")
  func endsBatches() throws {
    let loop = try EventLoop(name: "test")
    let first = try SocketPair()
    let second = try SocketPair()
    let recorder = Recorder()
    var ends: [Int] = []
    var wasInBatch: [Bool] = []
    recorder.reaction = { wasInBatch.append(loop.isInBatch) }
    loop.onBatchEnd {
      ends.append(recorder.heard.count)
      wasInBatch.append(loop.isInBatch)
    }
    let registrations = [
      try loop.add(first.near.rawValue, for: .readable, handler: recorder),
      try loop.add(second.near.rawValue, for: .readable, handler: recorder),
    ]
    _ = try first.far.write([1])
    _ = try second.far.write([1])
    try loop.turn()
    #expect(ends == [2])
    #expect(wasInBatch == [true, true, false])
    for registration in registrations { loop.remove(registration) }
  }

  @Test("reports readiness until the bytes are read")
  func reportsReadiness() throws {
    let loop = try EventLoop(name: "test")
    let pair = try SocketPair()
    let recorder = Recorder()
    let registration = try loop.add(pair.near.rawValue, for: .readable, handler: recorder)
    try loop.turn(waiting: false)
    #expect(recorder.heard.isEmpty)
    #expect(try pair.far.write([1, 2]) == .bytes(2))
    try loop.turn()
    try loop.turn()
    #expect(recorder.heard == [.readable, .readable])
    var buffer = [UInt8](repeating: 0, count: 8)
    #expect(try pair.near.read(into: &buffer) == .bytes(2))
    #expect(try pair.near.read(into: &buffer) == .wouldBlock)
    try loop.turn(waiting: false)
    #expect(recorder.heard.count == 2)
    try loop.change(registration, to: .writable)
    try loop.turn()
    #expect(recorder.heard.last == .writable)
    pair.far.finishSending()
    try loop.change(registration, to: [.readable, .halfClosed])
    try loop.turn()
    #expect(recorder.heard.last == [.readable, .halfClosed])
    #expect(try pair.near.read(into: &buffer) == .endOfFile)
    loop.remove(registration)
  }

  @Test("tells nobody of a descriptor that was removed in the same turn, even when its slot is in use again")
  func dropsStaleReports() throws {
    let loop = try EventLoop(name: "test")
    let (first, second, third) = (try Pair(), try Pair(), try Pair())
    let (one, two, late) = (Recorder(), Recorder(), Recorder())
    let registrations = [
      try loop.add(first.near, for: .readable, handler: one), try loop.add(second.near, for: .readable, handler: two),
    ]
    one.reaction = {
      loop.remove(registrations[1])
      _ = try? loop.add(third.near, for: .readable, handler: late)
    }
    two.reaction = {
      loop.remove(registrations[0])
      _ = try? loop.add(third.near, for: .readable, handler: late)
    }
    try first.fill()
    try second.fill()
    try loop.turn()
    #expect(one.heard.count + two.heard.count == 1)
    #expect(late.heard.isEmpty)
  }

  /// A socket pair that can be captured.
  private final class Pair {
    private let pair: SocketPair

    init() throws { pair = try SocketPair() }

    var near: Int32 { pair.near.rawValue }

    func empty() {
      var buffer: [UInt8] = [0, 0]
      _ = try? pair.near.read(into: &buffer)
    }

    func fill() throws { _ = try pair.far.write([1]) }
  }
}

/// A thread that can stand in an array.
private final class JoinLater: Sendable {
  private let thread: Mutex<LoopThread?>

  init(_ body: @escaping @Sendable () -> Void) throws {
    thread = Mutex(nil)
    try thread.withLock { $0 = try LoopThread(name: "submitter", body) }
  }

  func join() {
    let taken = thread.withLock { state -> LoopThread? in
      let taken = consume state
      state = nil
      return taken
    }
    if let running = taken { running.join() }
  }
}
