import JSON
import Kubernetes
import Synchronization

/// Spares the cluster the writes of states that a starting or updating pod passes through in a moment.
///
/// A pod that starts at once would be shown as Creating, NotReady and Ready within two seconds, each time with a write of the pod and one of
/// the game server. Nobody sees the first two. They are shown as soon as the pod stays in them longer than the patience with them.
///
/// Forgetting this with a restart does no harm: a pod then waits once more, and nothing that waits is lost, because each pass reads the
/// cluster anew.
final class StatePacing: Sendable {
  /// How long what a passing pod shows is held back, counted from the first change that was held back.
  enum Patience {
    /// For a pod that is about to be scheduled, and for states that differ from the one that is shown.
    case first
    /// For an update that has begun, which the pod's label says: most are over by then.
    case update
    /// For the steps of a start, or of an update, that is shown to be on its way and lacks nothing but time.
    case steps

    var duration: Duration {
      switch self {
      case .first: .seconds(3)
      case .update: .seconds(5)
      case .steps: .seconds(60)
      }
    }
  }

  /// The pods on their way, and since when; an entry goes with the pod's next settled pass, so there are never more than starting pods.
  private let passing = Mutex<[NamespacedName: Timestamp]>([:])

  /// How much longer to hold back; nil where the patience is over, and what is to be shown is to be written now.
  func remaining(_ key: NamespacedName, _ patience: Patience, now: Timestamp) -> Duration? {
    passing.withLock { passing in
      guard let since = passing[key], since <= now else {
        passing[key] = now
        return patience.duration
      }
      let waited = now - since
      guard waited < patience.duration else {
        passing[key] = nil
        return nil
      }
      return patience.duration - waited
    }
  }

  /// Forgets a pod that is on its way no more.
  func settle(_ key: NamespacedName) { passing.withLock { _ = $0.removeValue(forKey: key) } }
}

extension StatePacing.Patience {
  /// The patience with a pod that is on its way.
  init(_ context: ServerContext) {
    let shown = context.server.status?["currentState"]?.string
    let isShown = shown == GameServerState.creating.rawValue || shown == GameServerState.updating.rawValue
    let lacksTimeOnly = ServerConditions.podComplaints(context.pod).allSatisfy(\.passesByItself)
    self = isShown && lacksTimeOnly ? .steps : GameServerState(of: context.pod) == .updating ? .update : .first
  }
}

extension PodSync {
  /// Whether the pod is on its way from one lasting state to the next, and the patch says no more than that.
  func isPassing(_ context: ServerContext) -> Bool {
    let state = GameServerState(of: context.pod)
    let shown = context.pod.metadata.labels[GameLabels.state].flatMap(GameServerState.init(rawValue:))
    switch (shown, state) {
    case (nil, .creating), (nil, .notReady): break
    case (.creating, .creating), (.creating, .notReady): break
    // That an update begins is shown at once; its later steps are passing.
    case (.preUpdate, .preUpdate), (.updating, .updating), (.updating, .notReady): break
    default: return false
    }
    return containers.isEmpty && events.allSatisfy { $0.kind == .normal } && saysNothingNew(context.pod)
  }

  /// Whether the patch beside the state only spells out what an absent label means anyway.
  private func saysNothingNew(_ pod: Pod) -> Bool {
    let defaults = [
      GameLabels.opsState: OpsState.none.rawValue, GameLabels.networkDisabled: "false",
      GameLabels.deletePriority: "0", GameLabels.updatePriority: "0",
    ]
    let isDefault = labels.members.allSatisfy { label in
      if label.name == GameLabels.state { return true }
      guard let value = defaults[label.name], pod.metadata.labels[label.name] == nil else { return false }
      return label.value == .string(value) || label.value == ""
    }
    let ofState = [GameAnnotations.opsStateChanged, GameAnnotations.stateChanged, GameAnnotations.updatingContainers]
    return isDefault && annotations.members.allSatisfy { ofState.contains($0.name) }
  }
}

extension ServiceQualities {
  /// Whether no action was applied, and there is nothing to tell.
  var hasNoEffect: Bool { spec.isEmpty && labels.isEmpty && annotations.isEmpty && events.isEmpty }
}
