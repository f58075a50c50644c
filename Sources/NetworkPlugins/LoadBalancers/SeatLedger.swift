import Kubernetes

/// How many pods are behind each load balancer whose ports they share: what pods say of themselves, and what was given and they do not
/// say yet.
struct SeatLedger: Sendable {
  let space: PortSpace
  let seats: PortSpace.Seats
  private(set) var counts: [String: Int] = [:]
  private var shown: [NamespacedName: String] = [:]
  private var given: [NamespacedName: String] = [:]

  init(_ space: PortSpace, _ seats: PortSpace.Seats) {
    self.space = space
    self.seats = seats
  }

  /// Takes over a change of a pod.
  mutating func update(_ old: Pod?, _ new: Pod?) {
    guard let key = (new ?? old)?.key else { return }
    let isHolder =
      new.map { pod in
        !pod.isTerminal && pod.metadata.annotations.has(GameAnnotations.networkType, seats.networkType)
      } ?? false
    let id = isHolder ? new.flatMap { space.loadBalancer(of: $0) } : nil
    if let before = shown[key], before != id {
      release(before)
      shown[key] = nil
    }
    guard let id else { return }
    if shown[key] == nil {
      shown[key] = id
      counts[id, default: 0] += 1
    }
    if given[key] == id { drop(key) }
  }

  /// The load balancer of a pod: the one that it has, or the one with the fewest pods that has room, of several the first.
  ///
  /// - Returns: nil where none has room.
  mutating func take(_ pod: NamespacedName, _ candidates: [String]) -> String? {
    if let id = shown[pod] ?? given[pod] { return id }
    var best: (id: String, count: Int)?
    for id in candidates {
      let count = counts[id, default: 0]
      if count < seats.limit, count < best?.count ?? .max { best = (id, count) }
    }
    guard let best else { return nil }
    given[pod] = best.id
    counts[best.id, default: 0] += 1
    return best.id
  }

  /// Forgets what was given to a pod and it does not show: a pod that is gone never will.
  mutating func drop(_ pod: NamespacedName) {
    guard let id = given.removeValue(forKey: pod) else { return }
    release(id)
  }

  /// Forgets everything that no pod shows.
  mutating func dropAll() { for pod in Array(given.keys) { drop(pod) } }

  private mutating func release(_ id: String) {
    let rest = counts[id, default: 1] - 1
    counts[id] = rest > 0 ? rest : nil
  }
}
