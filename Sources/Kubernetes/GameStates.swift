/// The operational states with a meaning of their own; users have others, which count as ``none``.
public enum OpsState: String, Sendable, CaseIterable {
  /// Idle.
  case none = "None"
  /// Needs an operator's attention; deleted last.
  case maintaining = "Maintaining"
  /// May be removed at the next scale-in; deleted first.
  case waitToBeDeleted = "WaitToBeDeleted"
  /// In use by players.
  case allocated = "Allocated"
  /// Removed at once, with one replica less.
  case kill = "Kill"

  /// The place in the deletion order: a larger one is deleted earlier; a text outside the known states counts as `None`.
  public static func deletionRank(_ text: String?) -> Int {
    switch text.flatMap(OpsState.init) ?? OpsState.none {
    case .kill: 100
    case .waitToBeDeleted: 1
    case .none: 0
    case .allocated: -1
    case .maintaining: -2
    }
  }
}

/// The state of a game server, as its pod shows it.
public enum GameServerState: String, Sendable, CaseIterable {
  case unknown = "Unknown"
  case creating = "Creating"
  case ready = "Ready"
  case notReady = "NotReady"
  case crash = "Crash"
  case updating = "Updating"
  case deleting = "Deleting"
  case preDelete = "PreDelete"
  case preUpdate = "PreUpdate"
}

/// The state of a game server's network.
public enum NetworkState: String, Sendable, CaseIterable {
  case ready = "Ready"
  case waiting = "Waiting"
  case notReady = "NotReady"
}

/// What becomes of a GameServer when its pod goes.
public enum ReclaimPolicy: String, Sendable, CaseIterable {
  /// It goes with the pod.
  case cascade = "Cascade"
  /// It stays until its ordinal leaves the set.
  case delete = "Delete"
}
