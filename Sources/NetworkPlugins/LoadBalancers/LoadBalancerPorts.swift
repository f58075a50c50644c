public import Kubernetes
import Synchronization

/// Gives ports of load balancers to pods: one allocator for all clouds.
///
/// What is held is what the Services of the store show, so nothing has to be saved, nothing leaks, and a restart knows everything as soon as
/// the store is filled. An allocation looks at bit fields of the range's size: it costs the same however many ports are held.
public final class LoadBalancerPorts: Sendable {
  /// How long a port stays held for a pod that is gone: its Service may have been made a moment before and come into the store after it.
  private static let farewell = Duration.seconds(60)

  // Lists and not dictionaries: there are half a dozen spaces, and a change must be made in place.
  private let ledgers: Mutex<[PortLedger]>
  private let seats: Mutex<[SeatLedger]>

  /// An allocator for some spaces that knows of no Services yet.
  ///
  /// - Parameter spaces: each name once.
  public init(_ spaces: [PortSpace]) {
    ledgers = Mutex(spaces.filter { $0.seats == nil }.map { PortLedger($0) })
    seats = Mutex(spaces.compactMap { space in space.seats.map { SeatLedger(space, $0) } })
  }

  /// Learns which ports are held from the Services and pods of a store, now and from then on.
  public func observe(_ store: ObjectStore) {
    store.observe(.services) { [self] old, new in
      ledgers.withLock { ledgers in
        for place in ledgers.indices { ledgers[place].update(old?.as(Service.self), new?.as(Service.self)) }
      }
    }
    store.observe(.pods) { [self] old, new in
      seats.withLock { seats in
        for place in seats.indices { seats[place].update(old?.as(Pod.self), new?.as(Pod.self)) }
      }
    }
  }

  /// The ports of a pod: those that it holds already, and new ones for entries that have none.
  ///
  /// What a pod holds stays where it is, also where its load balancer is not among the candidates any more: players are connected to it.
  ///
  /// - Throws: the demand's own refusal where no candidate has enough free ports; an internal error where the load balancer that the pod is
  ///   on has too few for entries that were added, or where the space is unknown.
  public func allocate(
    _ demand: PortDemand, for holder: PortHolder, at now: Timestamp
  ) throws(PluginError) -> PortGrant {
    if demand.space.seats != nil { return try seat(demand, holder.pod) }
    let result: Result<PortGrant, PluginError> = ledgers.withLock { ledgers in
      guard let place = ledgers.firstIndex(where: { $0.space.name == demand.space.name }) else {
        return .failure(PluginError(.internal, "ports of \(demand.space.name) are not given by this process"))
      }
      do throws(PluginError) { return .success(try ledgers[place].allocate(demand, for: holder, at: now)) } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func seat(_ demand: PortDemand, _ pod: NamespacedName) throws(PluginError) -> PortGrant {
    let id = seats.withLock { seats -> String? in
      guard let place = seats.firstIndex(where: { $0.space.name == demand.space.name }) else { return nil }
      return seats[place].take(pod, demand.candidates.flatMap(\.self))
    }
    guard let id else { throw demand.exhausted }
    return PortGrant(holding: PortHolding(loadBalancers: [id], ports: [:]), scarcity: nil)
  }

  /// Forgets, after a while, what was given to a pod that is gone and no Service shows.
  public func forget(_ pod: NamespacedName, at now: Timestamp) {
    ledgers.withLock { ledgers in
      for place in ledgers.indices { ledgers[place].end(pod, at: now + Self.farewell) }
    }
    seats.withLock { seats in
      for place in seats.indices { seats[place].drop(pod) }
    }
  }

  /// Forgets what was given and no Service shows: for a replica that leads again after others did.
  public func forgetHandouts() {
    ledgers.withLock { ledgers in
      for place in ledgers.indices { ledgers[place].dropAll() }
    }
    seats.withLock { seats in
      for place in seats.indices { seats[place].dropAll() }
    }
  }

  /// How much of each load balancer is in use, by space and id.
  public var report: [LoadBalancerReport] {
    let ports = ledgers.withLock { ledgers in
      ledgers.flatMap { ledger in
        ledger.usage.map { id, usage in
          LoadBalancerReport(
            space: ledger.space.name, loadBalancer: id, usable: usage.usableCount, held: usage.heldCount)
        }
      }
    }
    let seats = seats.withLock { seats in
      seats.flatMap { ledger in
        ledger.counts.map { id, count in
          LoadBalancerReport(space: ledger.space.name, loadBalancer: id, usable: ledger.seats.limit, held: count)
        }
      }
    }
    return (ports + seats).sorted { ($0.space, $0.loadBalancer) < ($1.space, $1.loadBalancer) }
  }
}

extension PortLedger {
  fileprivate mutating func allocate(
    _ demand: PortDemand, for holder: PortHolder, at now: Timestamp
  ) throws(PluginError) -> PortGrant {
    dropEnded(at: now)
    let ids = IDList.unique(demand.candidates.flatMap(\.self))
    let held = holding(of: holder, among: Set(ids))
    let isGiving = held.map { held in demand.entries.contains { held.port(for: $0) == nil } } ?? true
    let before = isGiving ? total(ids) : nil
    let grant: PortGrant
    if let held { grant = try grow(held, demand, holder) } else { grant = try first(demand) }
    give(grant.holding, to: holder)
    var holding = grant.holding
    holding.services = services(of: holder)
    return PortGrant(
      holding: holding, scarcity: before.flatMap { scarcity($0, total(ids)) }, moved: grant.moved,
      avoided: grant.avoided)
  }

  private mutating func first(_ demand: PortDemand) throws(PluginError) -> PortGrant {
    guard let (ids, ports) = choose(demand) else { throw demand.exhausted }
    let targets = demand.entries.map(PortHolding.Target.init)
    return PortGrant(
      holding: PortHolding(loadBalancers: ids, ports: Dictionary(zip(targets, ports)) { first, _ in first }),
      scarcity: nil)
  }

  /// Keeps the ports that there are, on their load balancers, and adds what is missing; what is not asked for is let go.
  private mutating func grow(
    _ held: PortHolding, _ demand: PortDemand, _ holder: PortHolder
  ) throws(PluginError) -> PortGrant {
    let targets = demand.entries.map(PortHolding.Target.init)
    var contested = contested(held, of: holder.pod)
    let group = demand.candidates.first { $0.count > 1 && !Set($0).isDisjoint(with: held.loadBalancers) } ?? []
    var avoided: [String] = []
    for id in group where !held.loadBalancers.contains(id) {
      let taken = kept(held, targets, without: contested).values.filter { !isFree($0, on: id) }
      // Players are connected to the ports that there are; a pod that nobody knows of yet can have others.
      if holder.isInUse, !taken.isEmpty { avoided.append(id) } else { contested.formUnion(taken) }
    }
    let ids = balancers(held, group, holder).filter { !avoided.contains($0) }
    let kept = kept(held, targets, without: contested)
    let more = try more(targets.filter { kept[$0] == nil }, on: ids, holder.pod)
    return PortGrant(
      holding: PortHolding(loadBalancers: ids, ports: kept.merging(more) { first, _ in first }), scarcity: nil,
      moved: contested.sorted(), avoided: avoided)
  }

  /// The load balancers of a group in their order, and behind them those that the pod is on besides.
  private func balancers(_ held: PortHolding, _ group: [String], _ holder: PortHolder) -> [String] {
    // What was given of a group that has changed since and no Service is on is let go.
    let shown = services(of: holder)
    return IDList.unique(group + held.loadBalancers.filter { group.isEmpty || shown[$0] != nil })
  }

  /// The ports that stay for the targets; of two targets on one port, as TCP and UDP once had it together, the second needs its own.
  private func kept(
    _ held: PortHolding, _ targets: [PortHolding.Target], without contested: Set<Int>
  ) -> [PortHolding.Target: Int] {
    var kept: [PortHolding.Target: Int] = [:]
    var taken = contested
    for target in targets {
      if let port = held.ports[target], taken.insert(port).inserted { kept[target] = port }
    }
    return kept
  }

  private mutating func more(
    _ missing: [PortHolding.Target], on ids: [String], _ pod: NamespacedName
  ) throws(PluginError) -> [PortHolding.Target: Int] {
    guard !missing.isEmpty else { return [:] }
    guard let ports = free(missing.count, on: ids) else {
      throw PluginError(
        .internal,
        "load balancer \(ids.joined(separator: ",")) of \(pod) has no \(missing.count) more free ports")
    }
    return Dictionary(zip(missing, ports)) { first, _ in first }
  }

  private mutating func choose(_ demand: PortDemand) -> (ids: [String], ports: [Int])? {
    let count = demand.entries.count
    switch demand.choice {
    case .first:
      for ids in demand.candidates where !ids.isEmpty {
        if let ports = free(count, on: ids) { return (ids, ports) }
      }
      return nil
    case .mostFree:
      var best: (ids: [String], free: Int)?
      for ids in demand.candidates where !ids.isEmpty {
        let free = freeCount(ids)
        if free >= count, free > best?.free ?? -1 { best = (ids, free) }
      }
      return best.flatMap { best in free(count, on: best.ids).map { (best.ids, $0) } }
    }
  }

  private mutating func total(_ ids: [String]) -> (usable: Int, held: Int) {
    ids.reduce((0, 0)) { sum, id in
      let (usable, held) = counts(id)
      return (sum.0 + usable, sum.1 + held)
    }
  }

  /// Says so once when four fifths are reached, while there is time to add a load balancer.
  private func scarcity(
    _ before: (usable: Int, held: Int), _ after: (usable: Int, held: Int)
  ) -> PortGrant.Scarcity? {
    guard before.held * 5 < before.usable * 4, after.held * 5 >= after.usable * 4 else { return nil }
    return PortGrant.Scarcity(held: after.held, usable: after.usable)
  }
}
