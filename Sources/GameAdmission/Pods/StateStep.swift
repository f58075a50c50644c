import Admission
import Kubernetes

/// Gives a new pod the labels by which the workload orders it, from its GameServer where that outlived the pod before.
///
/// A label that is there already stays. A value that could be no label is never written: the API server would refuse the pod.
struct StateStep: Mutator {
  let name = "state"

  func mutate(_ review: inout PodReview, _ context: inout ReviewContext) throws(ReviewFailure) {
    if let reason = review.passedOver { context.skipped(reason) }
    let server = review.gameServer
    let labels = review.editor.pod.metadata.labels
    if !labels.contains(GameLabels.updatePriority) {
      set(GameLabels.updatePriority, priority(server?.updatePriority, "updatePriority", &context), &review, &context)
    }
    if !labels.contains(GameLabels.deletePriority) {
      set(
        GameLabels.deletePriority, priority(server?.deletionPriority, "deletionPriority", &context), &review, &context)
    }
    if !labels.contains(GameLabels.opsState) {
      set(GameLabels.opsState, opsState(server?.opsState, &context), &review, &context)
    }
    if !labels.contains(GameLabels.networkDisabled) {
      set(GameLabels.networkDisabled, server?.isNetworkDisabled == true ? "true" : "false", &review, &context)
    }
    if !labels.contains(GameLabels.state) {
      set(GameLabels.state, GameServerState.creating.rawValue, &review, &context)
    }
  }

  private func set(_ key: String, _ value: String, _ review: inout PodReview, _ context: inout ReviewContext) {
    review.editor.setLabel(key, value)
    let (server, name) = (review.gameServer, review.key)
    context.acted("label \(key): \(value) (\(server == nil ? "the default" : "from GameServer \(name)"))")
  }

  private func priority(_ text: String?, _ field: String, _ context: inout ReviewContext) -> String {
    guard let text else { return "0" }
    guard Priority.isValid(text) else {
      context.warn("GameServer spec.\(field) \"\(text)\" is no \(Priority.grammar); the pod gets 0", .high)
      return "0"
    }
    return text
  }

  private func opsState(_ text: String?, _ context: inout ReviewContext) -> String {
    guard let text, !text.isEmpty else { return OpsState.none.rawValue }
    guard NameSyntax.labelValueProblem(text) == nil else {
      context.warn("GameServer spec.opsState \"\(text)\" cannot be a label; the pod gets None", .high)
      return OpsState.none.rawValue
    }
    return text
  }
}

/// The update and deletion priorities, which become label values and are compared as numbers.
enum Priority {
  static let grammar = "integer from 0 to 2147483647"

  /// Whether a text is digits that fit the API's 32 bits; a sign could be no label value.
  static func isValid(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } && Int32(text) != nil
  }
}
