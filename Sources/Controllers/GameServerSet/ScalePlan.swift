/// Which ordinals a set should have, and which its workload has to reserve so that exactly those exist.
///
/// The workload creates the first `replicas` ordinals that are not reserved. A user reserves ids by hand (explicit); scale-in reserves the
/// ordinals that it takes (implicit), and scale-out uses those up again first.
struct ScalePlan: Equatable, Sendable {
  /// The ordinals that should exist.
  let managed: Set<Int>
  /// The ordinals that the workload has to skip.
  let reserved: Set<Int>

  /// What the plan is made from.
  struct Situation: Sendable {
    /// The pods of the set, those on their way out included.
    var servers: [ServerFacts]
    /// The ids that the user reserves now.
    var explicit: Set<Int>
    /// The ids that the user reserved when the set was scaled last.
    var previousExplicit: Set<Int>
    /// The ids that the workload skips now.
    var workloadReserved: Set<Int>
    /// How many servers are wanted.
    var replicas: Int
  }

  init(_ situation: Situation) {
    let explicit = situation.explicit
    let previous = situation.previousExplicit
    // Ids that became explicit stop being implicit; ids that the user let go become implicit, until a scale-out takes them.
    var implicit = situation.workloadReserved.subtracting(previous)
      .subtracting(explicit.subtracting(previous))
      .union(previous.subtracting(explicit))
    let staying = situation.servers.filter { $0.presence == .present && !explicit.contains($0.ordinal) }
    let preparing = Set(situation.servers.filter { $0.presence == .preparingDelete }.map(\.ordinal))
    var managed = Set(staying.map(\.ordinal))
    let replicas = max(situation.replicas, 0)

    var candidate = 0
    while managed.count < replicas {
      if !managed.contains(candidate), !explicit.contains(candidate), !preparing.contains(candidate) {
        managed.insert(candidate)
        implicit.remove(candidate)
      }
      candidate += 1
    }
    if managed.count > replicas {
      let leaving = staying.sorted { $0.isDeletedBefore($1) }.prefix(managed.count - replicas).map(\.ordinal)
      managed.subtract(leaving)
      implicit.formUnion(leaving)
    }
    self.managed = managed
    reserved = implicit.union(explicit)
  }
}
