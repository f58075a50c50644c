internal import Kubernetes

/// What of one pod the counts depend on.
struct PodFacts: Equatable {
  /// The operational states that make a difference.
  enum Operation: Equatable {
    case none
    case waiting
    case allocated
    case other
  }

  let operation: Operation
  /// Whether nobody can use the server: `NotReady`, `Crash` or `Unknown`.
  let isUnusable: Bool
  /// Whether it is on its way out: terminating, or held back by a pre-delete hook.
  let isLeaving: Bool
  let ordinal: Int
  let players: Int

  init(_ pod: Pod) {
    let metadata = pod.metadata
    let labels = metadata.labels
    operation = Self.operation(labels)
    isUnusable = [.notReady, .crash, .unknown].contains { Self.isIn($0, labels) }
    isLeaving =
      metadata.isBeingDeleted || Self.isIn(.deleting, labels) || Self.isIn(.preDelete, labels)
      || labels.has(GameLabels.lifecycleState, "PreparingDelete")
    ordinal = pod.ordinal
    let players = labels[PlayersRule.label].flatMap(Int.init) ?? 0
    self.players = min(max(players, 0), PlayersRule.limit)
  }

  private static func operation(_ labels: StringMap) -> Operation {
    if labels.has(GameLabels.opsState, OpsState.none.rawValue) { return .none }
    if labels.has(GameLabels.opsState, OpsState.allocated.rawValue) { return .allocated }
    return labels.has(GameLabels.opsState, OpsState.waitToBeDeleted.rawValue) ? .waiting : .other
  }

  private static func isIn(_ state: GameServerState, _ labels: StringMap) -> Bool {
    labels.has(GameLabels.state, state.rawValue)
  }

  /// Places for players at a capacity.
  func freeSlots(capacity: Int) -> Int {
    switch operation {
    case .none, .allocated: max(0, capacity - players)
    case .waiting, .other: 0
    }
  }
}
