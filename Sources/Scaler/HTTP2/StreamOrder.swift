/// Which stream identifiers a client may still open: each must be greater than all before it (RFC 9113, section 5.1.1).
///
/// A head on a lower one is an error of the whole connection only where that stream was passed over. A stream that was open once may
/// have been reset by the server while more of the client's frames were on their way, and those are let go by (section 5.1, "closed").
struct StreamOrder: Sendable {
  /// Gaps that are remembered: clients number their streams one after the other, so even one gap is rare.
  static let gapLimit = 32

  private var last: Int32 = 0
  private var gaps: [ClosedRange<Int32>] = []

  init() {}

  /// Hears of a head on a stream of the client; even numbers are somebody else's business.
  /// - Returns: Whether the stream may have a head: it is a new one, or one that was open before.
  mutating func takesHead(_ id: Int32) -> Bool {
    guard id % 2 == 1 else { return true }
    guard id > last else { return !gaps.contains { $0.contains(id) } }
    if id > last + 2 {
      // The oldest gap is the one that nobody comes back to.
      if gaps.count == Self.gapLimit { gaps.removeFirst() }
      gaps.append((last + 1)...(id - 1))
    }
    last = id
    return true
  }
}
