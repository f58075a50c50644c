/// Requests that wait for the moment at which the rate limit lets them go, the earliest first.
///
/// As many as there are tasks that wait for an answer.
struct HeldCalls {
  /// A request and who gets its answer.
  struct Entry {
    let number: UInt64
    let call: HTTPCall
    let sink: any TransferSink
    let due: ContinuousClock.Instant
  }

  private var entries: [Entry] = []

  /// When the next request may go.
  var nextDue: ContinuousClock.Instant? { entries.first?.due }

  /// Takes a request in, behind those that are due at the same moment.
  mutating func hold(_ entry: Entry) {
    // Moments are handed out in order, so that this nearly always appends.
    let place = entries.lastIndex { $0.due <= entry.due }.map { $0 + 1 } ?? 0
    entries.insert(entry, at: place)
  }

  /// Takes out the requests whose moment has come.
  mutating func takeDue(_ now: ContinuousClock.Instant) -> [Entry] {
    guard let first = entries.first, first.due <= now else { return [] }
    let count = entries.firstIndex { $0.due > now } ?? entries.count
    defer { entries.removeFirst(count) }
    return Array(entries[..<count])
  }

  /// Takes out one request; nil where it has gone.
  mutating func remove(_ number: UInt64) -> Entry? {
    entries.firstIndex { $0.number == number }.map { entries.remove(at: $0) }
  }

  /// Takes out all.
  mutating func takeAll() -> [Entry] {
    defer { entries = [] }
    return entries
  }
}
