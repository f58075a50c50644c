/// How many pods hold each port of a range, with the free ones found word by word.
struct PortUsage: Sendable {
  /// The ports of the range; empty where the range makes no sense, so that nothing is ever free.
  let bounds: Range<Int>
  /// How many ports of the range may be given.
  let usableCount: Int
  /// How many of these somebody holds.
  private(set) var heldCount = 0

  private let isBlocked: [Bool]
  private var holders: [UInt32]
  /// One bit for each port that may be given and that nobody holds, counted from the lowest port.
  private var free: [UInt64]

  init(_ range: PortRange) {
    bounds = range.bounds.map { Range($0) } ?? 0..<0
    var isBlocked = Array(repeating: false, count: bounds.count)
    for port in range.blockPorts where bounds.contains(port) { isBlocked[port - bounds.lowerBound] = true }
    self.isBlocked = isBlocked
    usableCount = isBlocked.count { !$0 }
    holders = Array(repeating: 0, count: bounds.count)
    free = Array(repeating: 0, count: (bounds.count + 63) / 64)
    for place in isBlocked.indices where !isBlocked[place] { free[place / 64] |= 1 << UInt64(place % 64) }
  }

  /// How many pods hold a port of the range.
  func holderCount(_ port: Int) -> Int { Int(holders[port - bounds.lowerBound]) }

  /// Whether a port is in the range and may be given.
  func mayGive(_ port: Int) -> Bool { bounds.contains(port) && !isBlocked[port - bounds.lowerBound] }

  /// Counts one more holder of a port of the range.
  mutating func hold(_ port: Int) {
    let place = port - bounds.lowerBound
    holders[place] += 1
    guard holders[place] == 1, !isBlocked[place] else { return }
    heldCount += 1
    free[place / 64] &= ~(1 << UInt64(place % 64))
  }

  /// Counts one holder less of a port of the range that is held.
  mutating func release(_ port: Int) {
    let place = port - bounds.lowerBound
    precondition(holders[place] > 0, "port \(port) was released more often than held")
    holders[place] -= 1
    guard holders[place] == 0, !isBlocked[place] else { return }
    heldCount -= 1
    free[place / 64] |= 1 << UInt64(place % 64)
  }

  /// The first port that nobody holds, at or above a port of the range and then from its lowest; nil where all are held.
  func firstFree(from port: Int) -> Int? {
    guard heldCount < usableCount else { return nil }
    let start = port - bounds.lowerBound
    let word = start / 64
    let upper = free[word] & (~0 << UInt64(start % 64))
    if upper != 0 { return bounds.lowerBound + word * 64 + upper.trailingZeroBitCount }
    // The word that the search starts in is looked at again at the end, for the bits below the start.
    for step in 1...free.count {
      let next = (word + step) % free.count
      if free[next] != 0 { return bounds.lowerBound + next * 64 + free[next].trailingZeroBitCount }
    }
    return nil
  }

  /// The port with the fewest holders, of several the one that `isAvoided` does not name, of several the first at or after a port.
  ///
  /// Looks at every port of the range once, which a search for a free one never does: only a range that is held in full costs this.
  func leastHeld(from port: Int, except taken: Set<Int>, isAvoided: (Int) -> Bool) -> Int? {
    var best: (port: Int, holders: UInt32, avoided: Bool)?
    for step in 0..<bounds.count {
      let place = (port - bounds.lowerBound + step) % bounds.count
      guard !isBlocked[place], holders[place] <= best?.holders ?? .max else { continue }
      let candidate = bounds.lowerBound + place
      guard !taken.contains(candidate) else { continue }
      let avoided = isAvoided(candidate)
      if let best, best.holders == holders[place], avoided || !best.avoided { continue }
      best = (candidate, holders[place], avoided)
    }
    return best?.port
  }
}
