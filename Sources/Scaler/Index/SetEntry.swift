internal import Kubernetes

/// One set in the index: its pods' facts and the counts over them, kept up to date pod by pod.
struct SetEntry {
  /// How many capacities have their free places counted along; a set has one ScaledObject, rarely two.
  private static let capacityLimit = 4

  private(set) var facts: SetFacts?
  private(set) var counts = ServerCounts()
  private var pods: [String: PodFacts] = [:]
  /// Free places by capacity.
  private var freeSlots: [Int: Int] = [:]

  /// Whether nothing is known any more.
  var isEmpty: Bool { facts == nil && pods.isEmpty }

  /// Takes what is new of a pod; nil for one that is gone.
  mutating func set(_ pod: PodFacts?, named name: String) {
    let old = pods[name]
    guard old != pod else { return }
    if let old { count(old, -1) }
    if let pod { count(pod, 1) }
    pods[name] = pod
  }

  /// Takes what is new of the set; only a change of reserved ordinals looks at the pods.
  mutating func set(_ facts: SetFacts?) {
    let changesMembers = self.facts?.reserved ?? [] != facts?.reserved ?? []
    self.facts = facts
    guard changesMembers else { return }
    counts = ServerCounts()
    freeSlots = [:]
    for pod in pods.values { count(pod, 1) }
  }

  /// The set and its servers now; nil while the set itself is not there.
  mutating func snapshot(capacity: Int?) -> SetSnapshot? {
    guard let facts else { return nil }
    return SetSnapshot(set: facts, counts: counts, freeSlots: capacity.map { slots(capacity: $0) } ?? 0)
  }

  private mutating func slots(capacity: Int) -> Int {
    if let known = freeSlots[capacity] { return known }
    if freeSlots.count >= Self.capacityLimit { freeSlots = [:] }
    let slots = pods.values.reduce(0) { isMember($1) ? $0 + $1.freeSlots(capacity: capacity) : $0 }
    freeSlots[capacity] = slots
    return slots
  }

  private func isMember(_ pod: PodFacts) -> Bool {
    !pod.isLeaving && !(facts?.reserved.contains(pod.ordinal) ?? false)
  }

  private mutating func count(_ pod: PodFacts, _ sign: Int) {
    guard isMember(pod) else { return }
    counts.total += sign
    switch pod.operation {
    case .none:
      counts.none += sign
      if pod.isUnusable { counts.unusable += sign }
    case .waiting: counts.waiting += sign
    case .allocated, .other: break
    }
    for capacity in freeSlots.keys { freeSlots[capacity, default: 0] += sign * pod.freeSlots(capacity: capacity) }
  }
}
