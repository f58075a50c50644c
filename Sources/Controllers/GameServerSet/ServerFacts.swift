import Kubernetes

/// What the planners of a set look at in one of its pods.
struct ServerFacts: Sendable, Hashable {
  /// Where a pod is on its way out.
  enum Presence: Sendable, Hashable {
    /// Here to stay.
    case present
    /// Chosen for deletion, held back by a life-cycle hook.
    case preparingDelete
    /// Being deleted.
    case terminating
  }

  var ordinal: Int
  var opsState = "None"
  var deletePriority = ""
  var presence = Presence.present

  init(ordinal: Int, opsState: String = "None", deletePriority: String = "", presence: Presence = .present) {
    self.ordinal = ordinal
    self.opsState = opsState
    self.deletePriority = deletePriority
    self.presence = presence
  }

  init(_ pod: Pod) {
    let labels = pod.metadata.labels
    ordinal = pod.ordinal
    opsState = labels[GameLabels.opsState] ?? ""
    deletePriority = labels[GameLabels.deletePriority] ?? ""
    if pod.metadata.isBeingDeleted {
      presence = .terminating
    } else if labels.has(GameLabels.lifecycleState, "PreparingDelete") {
      presence = .preparingDelete
    }
  }
}

extension ServerFacts {
  /// Whether scale-in takes this server before the other: by operational state, then by priority, then by ordinal, larger first.
  ///
  /// Priorities are compared as numbers, a text that is no number counting as 0, so that `""` and `"0"` are equal.
  func isDeletedBefore(_ other: ServerFacts) -> Bool {
    let mine = (OpsState.deletionRank(opsState), Int(deletePriority) ?? 0, ordinal)
    let others = (OpsState.deletionRank(other.opsState), Int(other.deletePriority) ?? 0, other.ordinal)
    return mine > others
  }
}
