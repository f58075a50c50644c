internal import CLinux
internal import Glibc
internal import Synchronization

/// One epoll loop on one named thread: descriptors, timers and closures from elsewhere, all handled on that thread.
///
/// Everything but `submit`, `start`, `stop` and `join` belongs to the loop's thread (before `start`: to the thread that
/// made the loop). What it holds needs no lock for that reason.
public final class EventLoop: @unchecked Sendable {
  // Safe because `poller`, `timers` and `isRunning` are touched by the loop's thread only; `inbox` and `thread` are
  // behind mutexes.

  /// Tells the time; tests give one that they move by hand.
  public typealias Clock = @Sendable () -> ContinuousClock.Instant

  /// Closures that wait to run, and whether any more are taken.
  private enum Inbox {
    case open([@Sendable () -> Void])
    case closed
  }

  private enum ThreadState: ~Copyable {
    case none
    case running(LoopThread)
  }

  /// The thread's name, and the loop's in messages.
  public let name: String
  private let clock: Clock
  private let poller: Poller
  private let wakeUp: Descriptor
  private let inbox = Mutex(Inbox.open([]))
  private let thread = Mutex(ThreadState.none)
  private var timers = TimerHeap<() -> Void>()
  private var isRunning = true
  private var batchEnded: () -> Void = {}

  /// The time at which the current turn began: read once per turn, because reading it per event is wasted work.
  public private(set) var now: ContinuousClock.Instant
  /// The time at this moment, for what must not be counted from the beginning of a long turn.
  public var preciseNow: ContinuousClock.Instant { clock() }

  /// Makes a loop that does not run yet.
  /// - Throws: A `SystemError` when descriptors have run out.
  public init(name: String, clock: @escaping Clock = { ContinuousClock.now }) throws(SystemError) {
    self.name = name
    self.clock = clock
    now = clock()
    poller = try Poller()
    wakeUp = Descriptor(
      owning: Int32(
        try systemCall("make an eventfd") {
          Int(clinux_make_eventfd())
        }))
    // Edge-triggered and never read: every write is an edge of its own, so a wake-up that comes while others are handled
    // cannot be wiped out together with them.
    _ = try poller.add(wakeUp.rawValue, [.readable, .onlyChanges], WakeUpCall())
  }

  /// Whether reports that came together are being handled, so that what has to be done after the last of them can wait.
  public private(set) var isInBatch = false

  /// Sets what is done after the last of the reports that came together; called again for each batch.
  public func onBatchEnd(_ action: @escaping () -> Void) {
    batchEnded = action
  }

  /// How many timers are set.
  public var timerCount: Int { timers.count }

  /// Starts the loop's thread.
  public func start() throws(SystemError) {
    try thread.withLock { state throws(SystemError) in
      state = .running(try LoopThread(name: name) { [self] in run() })
    }
  }

  /// Asks the loop to end after the closures that were submitted before.
  public func stop() {
    submit { [self] in isRunning = false }
  }

  /// Waits until the loop's thread has ended; returns at once when it was never started.
  public func join() {
    let taken = thread.withLock { state -> ThreadState in
      let taken = consume state
      state = .none
      return taken
    }
    if case .running(let started) = consume taken { started.join() }
  }

  /// Runs a closure on the loop's thread, in the order of submission, from any thread.
  ///
  /// The inbox has no limit of its own: who submits for an outside party bounds that party (`ResponseHandle` counts the
  /// bytes that it has in flight).
  /// - Returns: Whether it will run; `false` once the loop has ended.
  @discardableResult
  public func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
    let (accepted, wasEmpty) = inbox.withLock { state in
      guard case .open(var waiting) = state else { return (false, false) }
      state = .closed
      waiting.append(work)
      state = .open(waiting)
      return (true, waiting.count == 1)
    }
    // One wake-up per filled inbox is enough: the loop takes all of it.
    if wasEmpty { wake() }
    return accepted
  }

  /// Runs one turn on the calling thread: waits for something to happen, or not at all, then does it.
  ///
  /// For tests and for a thread that is its own loop; a started loop turns by itself.
  public func turn(waiting: Bool = true) throws(SystemError) {
    try poller.poll(milliseconds: waiting ? patience() : 0) {
      now = clock()
      // Before the events: what was submitted before a peer's bytes were sent also happens before they are read.
      runSubmitted()
      isInBatch = true
    }
    isInBatch = false
    batchEnded()
    runTimers()
  }

  private func run() {
    while isRunning {
      do {
        try turn()
      } catch {
        // Only a programmer's error (a bad epoll descriptor) comes here: every other outcome is handled by name.
        fatalError("the event loop \(name) cannot go on: \(error)")
      }
    }
    finish()
  }

  /// Runs what was submitted last, takes no more, and lets go of handlers and timers.
  private func finish() {
    runSubmitted()
    let last = inbox.withLock { state -> [@Sendable () -> Void] in
      guard case .open(let waiting) = state else { return [] }
      state = .closed
      return waiting
    }
    for work in last { work() }
    poller.removeAll()
    timers = TimerHeap()
    batchEnded = {}
  }

  private func runSubmitted() {
    let work = inbox.withLock { state -> [@Sendable () -> Void] in
      guard case .open(let waiting) = state, !waiting.isEmpty else { return [] }
      state = .open([])
      return waiting
    }
    for item in work { item() }
  }

  private func runTimers() {
    // Timers that a timer sets to this very moment wait for the next turn's clock, so a turn always ends.
    while let action = timers.takeDue(at: now) { action() }
  }

  private func wake() {
    // A full counter (2^64 - 2) cannot be reached; would-block would mean that a wake-up is pending anyway.
    _ = try? wakeUp.write([1, 0, 0, 0, 0, 0, 0, 0])
  }

  /// Milliseconds until the next timer, rounded up so that it is due on waking; -1 without one.
  private func patience() -> Int32 {
    guard let earliest = timers.earliest else { return -1 }
    let wait = clock().duration(to: earliest)
    guard wait > .zero else { return 0 }
    let (seconds, attoseconds) = wait.components
    // An hour at most: a longer wait is only waited for in parts.
    guard seconds < 3600 else { return 3_600_000 }
    return Int32(seconds) * 1000 + Int32(attoseconds / 1_000_000_000_000_000) + 1
  }
}

extension EventLoop {
  /// Names a descriptor that the loop watches.
  public struct Registration: Sendable {
    let token: UInt64
    let descriptor: Int32
  }

  /// Watches a descriptor that the handler owns; the handler must be removed before the descriptor is closed.
  public func add(_ descriptor: Int32, for interest: Readiness, handler: any EventHandler) throws(SystemError)
    -> Registration
  {
    Registration(token: try poller.add(descriptor, interest, handler), descriptor: descriptor)
  }

  /// Changes what the handler wants to hear of.
  public func change(_ registration: Registration, to interest: Readiness) throws(SystemError) {
    try poller.change(registration.token, registration.descriptor, interest)
  }

  /// Stops watching; the handler hears nothing more, not even of this turn.
  public func remove(_ registration: Registration) {
    poller.remove(registration.token, registration.descriptor)
  }

  /// Runs an action on the loop's thread at a time, or soon after it.
  @discardableResult
  public func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> TimerID {
    timers.set(action, at: deadline)
  }

  /// Takes a timer back; one that has run already is not an error.
  public func cancel(_ timer: TimerID) {
    timers.cancel(timer)
  }
}

/// Hears the wake-ups: that the loop has turned is all that they are for.
private final class WakeUpCall: EventHandler {
  func ready(_ readiness: Readiness) {}
}
