import Kubernetes

/// The ports that were given to pods which the store does not show yet.
///
/// Each is forgotten after ``lifetime``: a pod that is not there by then was refused by somebody else, and asks again.
struct HostPortHandouts: Sendable {
  /// The ports of one pod.
  struct Handout: Sendable {
    let ports: [Int]
    let set: NamespacedName?
    /// The pod of that name which the store showed when the ports were given: an older incarnation.
    let olderUID: String?
    fileprivate let number: UInt64
  }

  /// How long a watch may lag behind before ports are given twice; it lags by seconds when an API server restarts.
  static let lifetime = Duration.seconds(30)
  /// The most hand-outs at a time: 30 seconds at 500 pods a second, more than an API server's writes to its store allow.
  static let limit = 16_384

  private var handouts: [NamespacedName: Handout] = [:]
  /// In the order in which they were given; entries may outlive their hand-out.
  private var queue: [(pod: NamespacedName, number: UInt64, end: ContinuousClock.Instant)] = []
  private var head = 0
  private var number: UInt64 = 0

  /// The hand-out of a pod.
  subscript(pod: NamespacedName) -> Handout? { handouts[pod] }

  /// How many there are.
  var count: Int { handouts.count }

  /// Remembers what was given; the pod must have no hand-out.
  mutating func remember(
    _ ports: [Int], of pod: NamespacedName, in set: NamespacedName?, olderUID: String?, at now: ContinuousClock.Instant
  ) {
    number += 1
    handouts[pod] = Handout(ports: ports, set: set, olderUID: olderUID, number: number)
    queue.append((pod, number, now + Self.lifetime))
  }

  /// Forgets the hand-out of a pod and answers it.
  mutating func forget(_ pod: NamespacedName) -> Handout? { handouts.removeValue(forKey: pod) }

  /// Forgets the oldest hand-out whose time is over, or that stands in the way of one more, and answers it; nil where there is none.
  mutating func forgetOldest(at now: ContinuousClock.Instant, makingRoom: Bool) -> Handout? {
    while head < queue.count, queue[head].end <= now || (makingRoom && queue.count - head >= Self.limit) {
      let (pod, number, _) = queue[head]
      head += 1
      compact()
      if let handout = handouts[pod], handout.number == number {
        handouts[pod] = nil
        return handout
      }
    }
    return nil
  }

  /// Gives the front of the queue back once it is half of it.
  private mutating func compact() {
    guard head > 64, head * 2 > queue.count else { return }
    queue.removeFirst(head)
    head = 0
  }
}
