import Kubernetes

/// What is known of host ports, and the choice of new ones: a function of the pods that the store shows.
///
/// Every replica sees the same pods, so every replica chooses alike without sharing memory; what one replica has given and the store does
/// not show yet, it remembers by itself. A port that is given twice all the same costs nothing but choice: it has to be unique on a node
/// only, and the scheduler keeps two holders apart.
struct HostPortLedger: Sendable {
  private var index: HostPortIndex
  private var handouts = HostPortHandouts()

  init(_ range: PortRange) { index = HostPortIndex(range) }

  /// The ports of the range and how many hold each.
  var usage: PortUsage { index.usage }
  /// How many pods have ports that the store does not show yet.
  var handoutCount: Int { handouts.count }

  /// Takes over a change of a pod.
  ///
  /// A hand-out ends when the store shows the pod that it was for. What is terminal or being deleted is an older one of that name.
  mutating func update(_ old: Pod?, _ new: Pod?) {
    guard let pod = (new ?? old)?.key else { return }
    index.set(pod, new.flatMap(index.holding(of:)))
    guard let new, let handout = handouts[pod], new.metadata.uid != handout.olderUID, !new.isTerminal,
      !new.metadata.isBeingDeleted
    else { return }
    forget(pod)
  }

  /// Chooses ports for a pod, the first choice first.
  ///
  /// A pod that was given as many ports before, and whose ports the store does not show yet, gets the same again. So does one whose
  /// older incarnation the store still shows, where nobody else holds them.
  ///
  /// - Parameter own: ports that the pod itself declares, each once.
  /// - Returns: nil where the range has fewer ports than the pod needs.
  mutating func allocate(
    _ count: Int, for pod: NamespacedName, in set: NamespacedName?, besides own: [Int] = [], isDryRun: Bool,
    at now: ContinuousClock.Instant
  ) -> [Int]? {
    forgetOld(at: now, makingRoom: !isDryRun)
    // Nearly no pod declares any, and a filter would cost an allocation.
    let own = own.isEmpty ? [] : own.filter { index.usage.mayGive($0) }
    guard count <= index.usage.usableCount - own.count else { return nil }
    if let handout = handouts[pod] {
      if handout.ports.count == count, !handout.ports.contains(where: own.contains) { return handout.ports }
      if !isDryRun { forget(pod) }
    }
    let ports = hold(count, for: pod, in: set, besides: own)
    if isDryRun {
      index.release(ports, in: set)
    } else {
      handouts.remember(ports, of: pod, in: set, olderUID: index.holding(pod)?.uid, at: now)
    }
    return ports
  }

  private mutating func forgetOld(at now: ContinuousClock.Instant, makingRoom: Bool) {
    while let handout = handouts.forgetOldest(at: now, makingRoom: makingRoom) {
      index.release(handout.ports, in: handout.set)
    }
  }

  private mutating func forget(_ pod: NamespacedName) {
    guard let handout = handouts.forget(pod) else { return }
    index.release(handout.ports, in: handout.set)
  }

  /// The ports of an older incarnation that the store still shows, where nobody else holds them.
  ///
  /// The API server accepts a new pod only after the old one is gone, so its ports are free by then. A pod lists its ports in the
  /// reverse of the order in which they were chosen.
  private func olderPorts(of pod: NamespacedName, _ count: Int, besides own: [Int]) -> [Int]? {
    guard let holding = index.holding(pod) else { return nil }
    let ports = own.isEmpty ? holding.ports : holding.ports.filter { !own.contains($0) }
    let holders = holding.isOver ? 0 : 1
    guard ports.count == count,
      ports.allSatisfy({ index.usage.mayGive($0) && index.usage.holderCount($0) == holders })
    else { return nil }
    return ports.reversed()
  }

  /// Holds the ports of an older incarnation, or others.
  private mutating func hold(
    _ count: Int, for pod: NamespacedName, in set: NamespacedName?, besides own: [Int]
  ) -> [Int] {
    guard let ports = olderPorts(of: pod, count, besides: own) else {
      // Held as long as the choice takes, so that the search for free ports passes them by.
      index.hold(own, in: nil)
      defer { index.release(own, in: nil) }
      return choose(count, for: pod, in: set, besides: own)
    }
    index.hold(ports, in: set)
    return ports
  }

  /// Probes upward from a place that the pod's name gives, and holds what it finds: free ports first, then those with the fewest
  /// holders, of these rather one that no pod of the same set holds.
  private mutating func choose(
    _ count: Int, for pod: NamespacedName, in set: NamespacedName?, besides own: [Int]
  ) -> [Int] {
    let bounds = index.usage.bounds
    let hash = StableHash.fnv1a64(pod.description.utf8)
    let start = bounds.lowerBound + Int(hash % UInt64(bounds.count))
    var ports: [Int] = []
    var taken: Set<Int> = own.isEmpty ? [] : Set(own)
    var next = start
    while ports.count < count {
      guard let port = index.usage.firstFree(from: next) ?? index.leastHeld(from: start, except: taken, in: set)
      else { break }
      index.hold([port], in: set)
      taken.insert(port)
      ports.append(port)
      next = port + 1 < bounds.upperBound ? port + 1 : bounds.lowerBound
    }
    return ports
  }
}
