/// Keys with moments, the earliest first; a binary heap.
struct DelayHeap<Key: Sendable>: Sendable {
  /// A key and when it is due.
  struct Entry: Sendable {
    let due: ContinuousClock.Instant
    let key: Key
  }

  private var entries: [Entry] = []

  /// How many entries there are.
  var count: Int { entries.count }
  /// The earliest entry.
  var first: Entry? { entries.first }

  /// Adds an entry.
  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var place = entries.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard entries[place].due < entries[parent].due else { return }
      entries.swapAt(place, parent)
      place = parent
    }
  }

  /// Takes the earliest entry out.
  mutating func removeFirst() -> Entry? {
    guard let first = entries.first, let last = entries.popLast() else { return nil }
    guard !entries.isEmpty else { return first }
    entries[0] = last
    var place = 0
    while true {
      let children = [2 * place + 1, 2 * place + 2].filter { $0 < entries.count }
      guard let child = children.min(by: { entries[$0].due < entries[$1].due }),
        entries[child].due < entries[place].due
      else { return first }
      entries.swapAt(place, child)
      place = child
    }
  }

  /// Keeps only the entries of which `isWanted` says so.
  mutating func filter(_ isWanted: (Entry) -> Bool) {
    let kept = entries.filter(isWanted)
    entries = []
    for entry in kept { insert(entry) }
  }
}
