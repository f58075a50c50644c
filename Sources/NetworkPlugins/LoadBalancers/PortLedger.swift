import JSON
import Kubernetes

/// Who holds which ports of the load balancers of one space: what Services show, and what was given and they do not show yet.
///
/// A Service holds its ports from its first to its last moment, whatever becomes of its pod: so a port is free only when nothing listens
/// on it any more.
struct PortLedger: Sendable {
  /// What one Service holds.
  struct Holding: Sendable, Equatable {
    let loadBalancer: String
    let pod: NamespacedName
    let ports: [PortHolding.Target: Int]
    /// When the Service was created (RFC 3339, which sorts as text).
    let created: String
    /// The unique id of the Service's owner; nil where it has none.
    let owner: String?
  }

  /// What a pod was given and its Services do not show yet.
  struct Handout: Sendable {
    let holding: PortHolding
    /// The owners of the Services of whoever got it.
    let owners: Set<String>
    /// Whether the pod is gone; its Service may still be on its way into the store.
    var isEnding = false
  }

  let space: PortSpace
  private(set) var usage: [String: PortUsage] = [:]
  private(set) var holdings: [NamespacedName: Holding] = [:]
  private var services: [NamespacedName: Set<NamespacedName>] = [:]
  private(set) var handouts: [NamespacedName: Handout] = [:]
  /// When the hand-outs of pods that are gone end, the earliest first; one for each of them, and some that have ended already.
  private var ends: [(moment: Timestamp, pod: NamespacedName)] = []

  init(_ space: PortSpace) { self.space = space }

  /// Takes over a change of a Service.
  mutating func update(_ old: Service?, _ new: Service?) {
    guard let key = (new ?? old)?.key else { return }
    let holding = new.flatMap(holding(of:))
    let before = holdings[key]
    guard before != holding else { return }
    if let before {
      release(before.ports, on: [before.loadBalancer])
      services[before.pod]?.remove(key)
      if services[before.pod]?.isEmpty == true { services[before.pod] = nil }
    }
    holdings[key] = holding
    guard let holding else { return }
    hold(holding.ports, on: [holding.loadBalancer])
    services[holding.pod, default: []].insert(key)
    if let handout = handouts[holding.pod], isShown(handout.holding, of: holding.pod) { drop(holding.pod) }
  }

  /// What a pod holds already; nil where it is nothing.
  ///
  /// - Parameter ids: the load balancers that the pod could be given now. What an older pod of its name left is taken over only there: the
  ///   pod's set may be another one with other load balancers.
  func holding(of holder: PortHolder, among ids: Set<String>) -> PortHolding? {
    if let handout = handouts[holder.pod],
      !handout.owners.isDisjoint(with: holder.owners) || holder.owners.isEmpty
        || !ids.isDisjoint(with: handout.holding.loadBalancers)
    {
      return handout.holding
    }
    let shown = shown(holder.pod)
    let own = shown.filter { isOwn($0, holder) }
    let counted = own.isEmpty ? shown.filter { ids.contains($0.loadBalancer) && isOfSpace($0) } : own
    guard !counted.isEmpty else { return nil }
    var ports: [PortHolding.Target: Int] = [:]
    for holding in counted { ports.merge(holding.ports) { first, _ in first } }
    return PortHolding(loadBalancers: IDList.unique(counted.map(\.loadBalancer)), ports: ports)
  }

  /// The load balancers that a pod's own Services are on, with the names of these.
  func services(of holder: PortHolder) -> [String: String] {
    var names: [String: String] = [:]
    for key in services[holder.pod, default: []].sorted().reversed() {
      if let holding = holdings[key], isOwn(holding, holder) { names[holding.loadBalancer] = key.name }
    }
    return names
  }

  /// Whether nobody holds a port on a load balancer, and it may be given.
  mutating func isFree(_ port: Int, on id: String) -> Bool {
    prepare(id)
    return usage[id].map { $0.mayGive(port) && $0.holderCount(port) == 0 } ?? false
  }

  private func shown(_ pod: NamespacedName) -> [Holding] {
    services[pod, default: []].sorted().compactMap { holdings[$0] }
  }

  private func isOwn(_ holding: Holding, _ holder: PortHolder) -> Bool {
    holding.owner.map { holder.owners.isEmpty || holder.owners.contains($0) } ?? true
  }

  private func isOfSpace(_ holding: Holding) -> Bool {
    holding.ports.values.allSatisfy { space.range.bounds?.contains($0) ?? false }
  }

  /// Which ports of a pod the older Service of another pod has too.
  ///
  /// That happens when a process that led before wrote a Service that the next one did not see yet. Of two that listen on one port only
  /// one is reached, so the younger one has to move.
  func contested(_ holding: PortHolding, of pod: NamespacedName) -> Set<Int> {
    var contested: Set<Int> = []
    for id in holding.loadBalancers {
      for port in Set(holding.ports.values) {
        guard let usage = usage[id], usage.bounds.contains(port), usage.holderCount(port) > 1 else { continue }
        let own = services[pod]?.filter { holdings[$0]?.loadBalancer == id }.compactMap(age).min { $0 < $1 }
        let isTaken = holdings.contains { key, other in
          guard other.loadBalancer == id, other.pod != pod, other.ports.values.contains(port) else { return false }
          return own.map { (other.created, key) < $0 } ?? true
        }
        if isTaken { contested.insert(port) }
      }
    }
    return contested
  }

  private func age(_ service: NamespacedName) -> (String, NamespacedName)? {
    holdings[service].map { ($0.created, service) }
  }

  /// Gives ports, in place of what was given before, and remembers them until Services show them.
  mutating func give(_ holding: PortHolding, to holder: PortHolder) {
    drop(holder.pod)
    guard !isShown(holding, of: holder.pod) else { return }
    hold(holding.ports, on: holding.loadBalancers)
    handouts[holder.pod] = Handout(holding: holding, owners: holder.owners)
  }

  /// Lets go of what a pod was given, at a moment at which its Service must have come into the store if there is one.
  mutating func end(_ pod: NamespacedName, at moment: Timestamp) {
    guard handouts[pod]?.isEnding == false else { return }
    handouts[pod]?.isEnding = true
    ends.append((moment, pod))
  }

  /// Lets go of what was given to pods that are gone.
  mutating func dropEnded(at now: Timestamp) {
    guard let first = ends.first, first.moment <= now else { return }
    let due = ends.prefix { $0.moment <= now }
    for end in due where handouts[end.pod]?.isEnding == true { drop(end.pod) }
    ends.removeFirst(due.count)
  }

  /// Lets go of everything that no Service shows.
  mutating func dropAll() { for pod in Array(handouts.keys) { drop(pod) } }

  /// The lowest ports that are free on every one of some load balancers; nil where there are too few.
  mutating func free(_ count: Int, on ids: [String]) -> [Int]? {
    guard ids.allSatisfy({ freeCount($0) >= count }) else { return nil }
    let ports = PortUsage.common(ids.compactMap { usage[$0] }, limit: count)
    return ports.count == count ? ports : nil
  }

  /// How many ports are free on every one of some load balancers.
  mutating func freeCount(_ ids: [String]) -> Int {
    guard ids.count > 1 else { return ids.first.map { freeCount($0) } ?? 0 }
    for id in ids { prepare(id) }
    return PortUsage.common(ids.compactMap { usage[$0] }, limit: .max).count
  }

  /// How many ports of a load balancer may be given, and how many of these are held.
  mutating func counts(_ id: String) -> (usable: Int, held: Int) {
    prepare(id)
    return usage[id].map { ($0.usableCount, $0.heldCount) } ?? (0, 0)
  }

  private mutating func freeCount(_ id: String) -> Int {
    let (usable, held) = counts(id)
    return usable - held
  }

  private mutating func prepare(_ id: String) {
    if usage[id] == nil { usage[id] = PortUsage(space.range) }
  }

  private func holding(of service: Service) -> Holding? {
    guard let loadBalancer = space.loadBalancer(of: service) else { return nil }
    var ports: [PortHolding.Target: Int] = [:]
    for port in service.ports {
      guard let number = port["port"]?.int else { continue }
      let target = port["targetPort"].flatMap(IntOrString.init)?.description ?? String(number)
      ports[PortHolding.Target(port: target, proto: port["protocol"]?.string ?? "TCP")] = number
    }
    guard !ports.isEmpty else { return nil }
    return Holding(
      loadBalancer: loadBalancer, pod: service.podKey, ports: ports, created: service.metadata.creationTimestamp,
      owner: service.metadata.controller?.uid)
  }

  private func isShown(_ holding: PortHolding, of pod: NamespacedName) -> Bool {
    let shown = shown(pod)
    let ports = Set(holding.ports.values)
    return holding.loadBalancers.allSatisfy { id in
      ports.isSubset(of: shown.filter { $0.loadBalancer == id }.flatMap(\.ports.values))
    }
  }

  private mutating func drop(_ pod: NamespacedName) {
    guard let handout = handouts.removeValue(forKey: pod) else { return }
    release(handout.holding.ports, on: handout.holding.loadBalancers)
  }

  /// Counts each port of the range once, however many protocols use it.
  private mutating func hold(_ ports: [PortHolding.Target: Int], on ids: [String]) {
    let numbers = Set(ports.values).filter { space.range.bounds?.contains($0) ?? false }
    // Services of other spaces come by here too, and must not make their load balancers known to this one.
    guard !numbers.isEmpty else { return }
    for id in ids {
      prepare(id)
      for port in numbers { usage[id]?.hold(port) }
    }
  }

  private mutating func release(_ ports: [PortHolding.Target: Int], on ids: [String]) {
    for id in ids {
      for port in Set(ports.values) where usage[id]?.bounds.contains(port) == true { usage[id]?.release(port) }
    }
  }
}
