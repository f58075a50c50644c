import Synchronization

/// A queue of keys for several workers: each key once, never two workers on one key, delays, and back-off for what fails.
///
/// Adding never waits, so informers can do it while they hold the store's lock.
public final class WorkQueue<Key: Hashable & Sendable>: Sendable {
  private struct Taker {
    let number: UInt64
    let continuation: CheckedContinuation<Key?, Never>
  }

  private struct State {
    var queue: QueueState<Key>
    /// Workers that wait, the longest first; as many as there are workers.
    var takers: [Taker] = []
    var cancelled: Set<UInt64> = []
    var lastNumber: UInt64 = 0
    var isClosed = false
  }

  let metrics: QueueMetrics
  let bell = Bell()
  private let state: Mutex<State>

  /// An empty queue.
  ///
  /// - Parameter limit: Keys that may wait; twice the game servers of the largest known cluster. See ``takeOverflow()``.
  public init(backOff: QueueBackOff = QueueBackOff(), limit: Int = 100_000, metrics: QueueMetrics = QueueMetrics()) {
    state = Mutex(State(queue: QueueState(backOff: backOff, limit: limit)))
    self.metrics = metrics
  }

  /// Keys that wait to be worked on, the delayed ones not counted.
  public var depth: Int { state.withLock { $0.queue.depth } }

  /// Asks for a key to be worked on.
  public func add(_ key: Key) {
    change { state in
      guard !state.isClosed else { return }
      _ = state.queue.add(key, .now)
    }
  }

  /// Asks for a key to be worked on after a time at the latest.
  public func add(_ key: Key, after delay: Duration) {
    let isNext = state.withLock { state in
      !state.isClosed && state.queue.add(key, at: .now + delay)
    }
    if isNext { bell.ring() }
  }

  /// Whether a key found no room since the last call; then every key of the store has to be added again.
  public func takeOverflow() -> Bool { state.withLock { $0.queue.takeOverflow() } }

  /// Takes nothing more on; what waits is still handed out, and then every ``take()`` answers nil.
  public func close() {
    let takers = state.withLock { state in
      state.isClosed = true
      state.queue.dropDelays()
      defer { state.takers = [] }
      // Whoever waits does so because there is nothing.
      return state.takers
    }
    for taker in takers { taker.continuation.resume(returning: nil) }
  }

  /// Waits for a key to work on; nil when the queue is closed and empty, or the task is cancelled.
  ///
  /// Each key that was taken has to be given back with ``finish(_:_:)``.
  func take() async -> Key? {
    let number = state.withLock { state in
      state.lastNumber += 1
      return state.lastNumber
    }
    // A cancellation that came after the key left its number behind.
    defer { _ = state.withLock { $0.cancelled.remove(number) } }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in enroll(Taker(number: number, continuation: continuation)) }
    } onCancel: {
      let taker = state.withLock { state in
        let place = state.takers.firstIndex { $0.number == number }
        guard let place else {
          // The task may be cancelled before it waits, or after it got a key.
          state.cancelled.insert(number)
          return nil as Taker?
        }
        return state.takers.remove(at: place)
      }
      taker?.continuation.resume(returning: nil)
    }
  }

  /// Ends the work on a key.
  func finish(_ key: Key, _ again: QueueState<Key>.Again) {
    var isNext = false
    change { state in
      let due = state.queue.nextDue
      _ = state.queue.finish(key, state.isClosed ? .no : again, .now, random: .random(in: 0..<1))
      // Whoever keeps the time waits for the moment before; only an earlier one is news.
      guard let next = state.queue.nextDue else { return }
      isNext = due.map { next < $0 } ?? true
    }
    if isNext { bell.ring() }
  }

  /// Moves the keys whose time has come into the line; answers when the next is due.
  func promote() -> ContinuousClock.Instant? {
    change { _ = $0.queue.promote(.now) }
    return state.withLock { $0.queue.nextDue }
  }

  private func enroll(_ taker: Taker) {
    let key: Key?? = state.withLock { state in
      if state.cancelled.remove(taker.number) != nil { return .some(nil) }
      if let taken = state.queue.take(.now) {
        metrics.took(after: taken.waited, depth: state.queue.depth)
        return taken.key
      }
      if state.isClosed { return .some(nil) }
      state.takers.append(taker)
      return nil
    }
    if let key { taker.continuation.resume(returning: key) }
  }

  /// Changes the queue and hands what is there now to those who wait.
  private func change(_ body: (inout State) -> Void) {
    let handed = state.withLock { state in
      body(&state)
      var handed: [(Taker, Key)] = []
      while !state.takers.isEmpty, let taken = state.queue.take(.now) {
        metrics.took(after: taken.waited, depth: state.queue.depth)
        handed.append((state.takers.removeFirst(), taken.key))
      }
      metrics.show(depth: state.queue.depth, delayed: state.queue.delayedCount)
      return handed
    }
    for (taker, key) in handed { taker.continuation.resume(returning: key) }
  }
}
