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

  /// The lowest ports, `limit` at most, that nobody holds in any of several uses of one range.
  static func common(_ uses: [PortUsage], limit: Int) -> [Int] {
    guard let first = uses.first else { return [] }
    var ports: [Int] = []
    for word in first.free.indices {
      var bits = uses.reduce(~0) { $0 & $1.free[word] }
      while bits != 0, ports.count < limit {
        ports.append(first.bounds.lowerBound + word * 64 + bits.trailingZeroBitCount)
        bits &= bits - 1
      }
      if ports.count == limit { break }
    }
    return ports
  }

  /// How many ports with equally few holders are asked for one that is not avoided; avoiding is worth no more than that.
  private static let avoidanceLimit = 64

  /// The port with the fewest holders, of several the first one at or after a port that `isAvoided` does not name.
  ///
  /// Looks at every port of the range, which a search for a free one never does: only a range that is held in full costs this.
  func leastHeld(from port: Int, except taken: Set<Int>, isAvoided: (Int) -> Bool) -> Int? {
    var least: UInt32?
    for place in holders.indices where holders[place] < least ?? .max && !isBlocked[place] {
      if taken.isEmpty || !taken.contains(bounds.lowerBound + place) { least = holders[place] }
    }
    guard let least else { return nil }
    let start = port - bounds.lowerBound
    var first: Int?
    var asked = 0
    for step in holders.indices {
      let place = start + step < holders.count ? start + step : start + step - holders.count
      guard holders[place] == least, !isBlocked[place] else { continue }
      let candidate = bounds.lowerBound + place
      guard taken.isEmpty || !taken.contains(candidate) else { continue }
      guard isAvoided(candidate) else { return candidate }
      first = first ?? candidate
      asked += 1
      if asked == Self.avoidanceLimit { break }
    }
    return first
  }
}
