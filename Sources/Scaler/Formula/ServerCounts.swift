/// How many game servers of a set are in which state: all that the scaling formula needs to know of the pods.
///
/// Only servers of the managed set count: not those that are terminating, that a pre-delete hook holds back, or whose
/// ordinal is reserved. They are on their way out already, so counting them would ask for their removal a second time.
public struct ServerCounts: Sendable, Equatable {
  /// All servers.
  public var total = 0
  /// Those with the operational state `None`, which are free for players.
  public var none = 0
  /// Those of ``none`` that nobody can use: `NotReady`, `Crash` or `Unknown`.
  public var unusable = 0
  /// Those that are marked `WaitToBeDeleted`.
  public var waiting = 0

  /// No servers.
  public init() {}

  /// Counts as a table gives them.
  public init(total: Int, none: Int, unusable: Int = 0, waiting: Int = 0) {
    self.total = total
    self.none = none
    self.unusable = unusable
    self.waiting = waiting
  }
}

/// What the scaling formula needs to know of a GameServerSet.
public struct SetFacts: Sendable, Equatable {
  /// `spec.replicas`: how many servers are wanted.
  public var replicas: Int
  /// `status.currentReplicas`: how many pods the controller saw last; nil before its first report.
  public var currentReplicas: Int?
  /// `status.waitToBeDeletedReplicas`; nil before the controller's first report.
  public var waitToBeDeletedReplicas: Int?
  /// The ordinals of `spec.reserveGameServerIds`.
  public var reserved: Set<Int>

  /// Facts as a table gives them.
  public init(
    replicas: Int, currentReplicas: Int? = nil, waitToBeDeletedReplicas: Int? = nil, reserved: Set<Int> = []
  ) {
    self.replicas = replicas
    self.currentReplicas = currentReplicas
    self.waitToBeDeletedReplicas = waitToBeDeletedReplicas
    self.reserved = reserved
  }
}

/// A set and its servers at one moment.
public struct SetSnapshot: Sendable, Equatable {
  /// The set.
  public var set: SetFacts
  /// Its servers.
  public var counts: ServerCounts
  /// Places for players on the servers that take players, at the capacity that was asked for; 0 where none was.
  public var freeSlots: Int

  /// A snapshot as a table gives it.
  public init(set: SetFacts, counts: ServerCounts, freeSlots: Int = 0) {
    self.set = set
    self.counts = counts
    self.freeSlots = freeSlots
  }
}
