import JSON
import Kubernetes

/// Which turns of a game server's state are told as events.
public enum StateNews: Sendable {
  /// Those that nobody has asked for.
  case surprises
  /// Starts and updates as well, as OpenKruiseGame tells them: a write more for each start, and two for each update that lasts.
  case everything
}

/// That a game server's status shows another state than before.
struct StateTurn: Sendable, Equatable {
  private let old: String
  private let new: GameServerState

  /// The turn of a pass that writes the status; nil where the state stays.
  ///
  /// - Parameter context: the server with the status that it had, and the pod with the label that it had.
  init?(_ context: ServerContext) {
    let shown = context.server.status?["currentState"]?.string ?? ""
    let label = context.pod.metadata.labels[GameLabels.state] ?? ""
    self.init(from: shown.isEmpty ? label : shown, to: GameServerState(of: context.pod))
  }

  init?(from old: String, to new: GameServerState) {
    guard !old.isEmpty, old != new.rawValue else { return nil }
    (self.old, self.new) = (old, new)
  }

  /// What users are told; nil for what they asked for, unless they want to hear of everything.
  ///
  /// That a server starts or is updated, and that this is done, is the plan of its set, which has an event of its own: telling it for each
  /// server too would be two more writes for each update of each of thousands.
  func event(_ news: StateNews) -> ClusterEvent? {
    guard news == .everything || !isPlanned else { return nil }
    return .turn("State", old, new.rawValue, isWarning: new == .crash)
  }

  private var isPlanned: Bool {
    switch (GameServerState(rawValue: old), new) {
    case (_, .creating), (_, .updating): true
    case (.creating, .ready), (.preUpdate, .ready), (.updating, .ready): true
    default: false
    }
  }
}
