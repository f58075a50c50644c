/// Which ordinals a set should have, and which its workload has to reserve so that exactly those exist.
///
/// The workload creates the first `replicas` ordinals that are not reserved. A user reserves ids by hand (explicit); scale-in reserves the
/// ordinals that it takes (implicit), and scale-out uses those up again first.
struct ScalePlan: Equatable, Sendable {
  /// The ordinals that exist and stay.
  private let staying: Set<Int>
  /// The ordinals from 0 on that are new, but for those that are taken otherwise; ends where there are as many as wanted.
  private let filled: Range<Int>
  private let notFilled: Set<Int>
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
    let replicas = max(situation.replicas, 0)
    let present = Set(staying.map(\.ordinal))
    let leaving = staying.sorted { $0.isDeletedBefore($1) }.prefix(max(present.count - replicas, 0)).map(\.ordinal)
    let kept = present.subtracting(leaving)
    let taken = kept.union(leaving).union(explicit).union(preparing)

    let filled = 0..<ScalePlan.end(of: replicas - kept.count, without: taken)
    implicit = implicit.filter { !filled.contains($0) || taken.contains($0) }.union(leaving)
    self.staying = kept
    self.filled = filled
    notFilled = taken
    reserved = implicit.union(explicit)
  }

  /// Whether an ordinal should exist.
  func manages(_ ordinal: Int) -> Bool {
    staying.contains(ordinal) || filled.contains(ordinal) && !notFilled.contains(ordinal)
  }

  /// Where the first `count` ordinals end that are not taken.
  ///
  /// Steps over what is taken and not over what is wanted: a set that was scaled to millions by mistake costs no more than another.
  private static func end(of count: Int, without taken: Set<Int>) -> Int {
    guard count > 0 else { return 0 }
    var end = count
    for ordinal in taken.sorted() where ordinal < end { end += 1 }
    return end
  }
}
