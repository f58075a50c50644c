/// Names a timer that was set, so that it can be taken back.
public struct TimerID: Hashable, Sendable {
  let number: UInt64
}

/// Payloads ordered by deadline: a binary heap with lazy removal, O(log n) to set and O(1) to take back.
///
/// A value type without a clock: the owner says what time it is.
public struct TimerHeap<Payload> {
  private struct Entry {
    let deadline: ContinuousClock.Instant
    let number: UInt64
  }

  private var entries: [Entry] = []
  private var payloads: [UInt64: Payload] = [:]
  private var nextNumber: UInt64 = 0

  /// An empty heap.
  public init() {}

  /// How many timers are set and neither due nor taken back.
  public var count: Int { payloads.count }

  /// The earliest deadline, or `nil` when nothing is set.
  public var earliest: ContinuousClock.Instant? {
    mutating get {
      dropCancelled()
      return entries.first?.deadline
    }
  }

  /// Sets a timer.
  public mutating func set(_ payload: Payload, at deadline: ContinuousClock.Instant) -> TimerID {
    let number = nextNumber
    nextNumber += 1
    payloads[number] = payload
    entries.append(Entry(deadline: deadline, number: number))
    siftUp(from: entries.count - 1)
    return TimerID(number: number)
  }

  /// Takes a timer back; one that has fired already is not an error.
  public mutating func cancel(_ timer: TimerID) {
    guard payloads.removeValue(forKey: timer.number) != nil else { return }
    // Dead entries are at most as many as live ones (and a few), so memory follows what is really set.
    if entries.count > 2 * payloads.count + 16 { compact() }
  }

  /// Removes and returns the earliest payload whose deadline is not after `now`; equal deadlines come in order of setting.
  public mutating func takeDue(at now: ContinuousClock.Instant) -> Payload? {
    dropCancelled()
    guard let first = entries.first, first.deadline <= now else { return nil }
    removeFirst()
    return payloads.removeValue(forKey: first.number)
  }

  private mutating func dropCancelled() {
    while let first = entries.first, payloads[first.number] == nil { removeFirst() }
  }

  private mutating func compact() {
    entries.removeAll { payloads[$0.number] == nil }
    for index in stride(from: entries.count / 2, through: 0, by: -1) where index < entries.count {
      siftDown(from: index)
    }
  }

  private mutating func removeFirst() {
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    siftDown(from: 0)
  }

  private mutating func siftUp(from start: Int) {
    var child = start
    while child > 0, precedes(child, (child - 1) / 2) {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func siftDown(from start: Int) {
    var parent = start
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && precedes(child, smallest) {
        smallest = child
      }
      guard smallest != parent else { return }
      entries.swapAt(parent, smallest)
      parent = smallest
    }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (entries[left], entries[right])
    return a.deadline == b.deadline ? a.number < b.number : a.deadline < b.deadline
  }
}

extension TimerHeap: Sendable where Payload: Sendable {}
