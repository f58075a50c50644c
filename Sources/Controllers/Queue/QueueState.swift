/// The keys of a work queue and where each is: waiting, delayed, being worked on, or both worked on and wanted again.
///
/// Synchronous and without a clock. A key that is added while it waits is there once; one that is added while it is worked on comes back
/// when that is done; so no change is missed and no key is worked on twice at once.
struct QueueState<Key: Hashable & Sendable>: Sendable {
  typealias Instant = ContinuousClock.Instant

  /// What becomes of a key that was worked on.
  enum Again: Sendable, Equatable {
    /// Only when it is added.
    case no
    /// After this time at the latest.
    case after(Duration)
    /// After a wait that doubles with every failure in a row.
    case backOff
  }

  private enum Place {
    case waiting(since: Instant)
    case running
    case runningAndWanted
  }

  /// How failing keys wait.
  let backOff: QueueBackOff
  /// Keys that may wait or be delayed; the store is the truth, so what finds no room is looked for there again.
  let limit: Int
  /// Whether a key found no room since the last look.
  private(set) var hasOverflowed = false

  private var places: [Key: Place] = [:]
  /// The waiting keys in order; those before `head` were taken.
  private var line: [Key] = []
  private var head = 0
  private var delays: [Key: Instant] = [:]
  /// Entries that `delays` contradicts are stale.
  private var heap = DelayHeap<Key>()
  private var failures: [Key: Int] = [:]

  init(backOff: QueueBackOff, limit: Int) {
    self.backOff = backOff
    self.limit = limit
  }

  /// Keys that wait to be worked on; the delayed ones not counted.
  var depth: Int { line.count - head }
  /// Keys that wait for their time.
  var delayedCount: Int { delays.count }
  /// When the next delayed key is due.
  var nextDue: Instant? { heap.first?.due }

  /// Asks for a key to be worked on; answers whether a worker has something new to take.
  mutating func add(_ key: Key, _ now: Instant) -> Bool {
    delays[key] = nil
    switch places[key] {
    case .waiting?, .runningAndWanted?: return false
    case .running?:
      places[key] = .runningAndWanted
      return false
    case nil:
      guard depth + delays.count < limit else {
        hasOverflowed = true
        return false
      }
      places[key] = .waiting(since: now)
      line.append(key)
      return true
    }
  }

  /// Asks for a key to be worked on at a time, of two the earlier; answers whether it is now the next due.
  mutating func add(_ key: Key, at due: Instant) -> Bool {
    if case .waiting? = places[key] { return false }
    if let known = delays[key], known <= due { return false }
    guard delays[key] != nil || depth + delays.count < limit else {
      hasOverflowed = true
      return false
    }
    delays[key] = due
    heap.insert(.init(due: due, key: key))
    trimHeap()
    return nextDue == due
  }

  /// Moves the keys whose time has come into the line; answers how many.
  mutating func promote(_ now: Instant) -> Int {
    var count = 0
    while let first = heap.first, first.due <= now || delays[first.key] != first.due {
      _ = heap.removeFirst()
      guard delays[first.key] == first.due else { continue }
      if add(first.key, now) { count += 1 }
    }
    return count
  }

  /// Takes the key that waits longest, and how long it did.
  mutating func take(_ now: Instant) -> (key: Key, waited: Duration)? {
    guard head < line.count else { return nil }
    let key = line[head]
    head += 1
    // The taken ones are cut off when they are half of the line, so that each is moved once on average.
    if head * 2 >= line.count {
      line.removeFirst(head)
      head = 0
    }
    guard case .waiting(let since)? = places.updateValue(.running, forKey: key) else {
      preconditionFailure("a key in the line waits")
    }
    return (key, since.duration(to: now))
  }

  /// Ends the work on a key; answers whether the key waits again at once (`random` is in 0..<1).
  mutating func finish(_ key: Key, _ again: Again, _ now: Instant, random: @autoclosure () -> Double) -> Bool {
    let isWanted = if case .runningAndWanted? = places[key] { true } else { false }
    places[key] = nil
    switch again {
    case .no: failures[key] = nil
    case .after(let delay):
      failures[key] = nil
      if !isWanted { _ = add(key, at: now + delay) }
    case .backOff:
      let count = failures[key, default: 0]
      failures[key] = count + 1
      // A key that keeps changing must not get around its back-off.
      _ = add(key, at: now + backOff.delay(afterFailures: count, random: random()))
      return false
    }
    return isWanted ? add(key, now) : false
  }

  /// Whether a key found no room since the last call.
  mutating func takeOverflow() -> Bool {
    defer { hasOverflowed = false }
    return hasOverflowed
  }

  /// Forgets the delayed keys, for the end of the process.
  mutating func dropDelays() {
    delays = [:]
    heap = DelayHeap()
  }

  /// Stale entries may be as many as true ones; 64 spare small queues the work.
  private mutating func trimHeap() {
    guard heap.count > 2 * delays.count + 64 else { return }
    heap.filter { delays[$0.key] == $0.due }
  }
}

/// How long keys wait that fail again and again.
public struct QueueBackOff: Sendable, Equatable {
  /// The wait after the first failure.
  public let first: Duration
  /// The longest wait.
  public let longest: Duration

  /// Describes a back-off.
  ///
  /// The default begins with the time of a call to the API server and ends at five minutes: a fault that lasts is then one call in five
  /// minutes for each object.
  public init(first: Duration = .milliseconds(20), longest: Duration = .seconds(300)) {
    precondition(first > .zero && longest >= first, "a back-off grows")
    self.first = first
    self.longest = longest
  }

  /// The wait after so many earlier failures in a row: doubled each time, between three quarters and all of it.
  public func delay(afterFailures count: Int, random: Double) -> Duration {
    min(first * (1 << min(count, 24)), longest) * (0.75 + random / 4)
  }
}
