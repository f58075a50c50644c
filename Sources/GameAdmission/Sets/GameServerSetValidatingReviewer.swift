import Admission
import Kubernetes

/// `/validate-v1alpha1-gss`: refuses a GameServerSet that could not work, and the deletion of one with players.
struct GameServerSetValidatingReviewer: Reviewer {
  let admission: GameAdmission

  func review(
    _ request: AdmissionRequest, _ context: inout ReviewContext
  ) throws(ReviewFailure) -> AdmissionDecision {
    try request.require(.gameServerSets)
    guard request.isMainResource else { return .allowed(message: "pass validating") }
    switch request.operation {
    case .create:
      try check(Change(new: try request.newObject("GameServerSet"), old: nil), &context)
      return .allowed(message: "validatingCreate success")
    case .update:
      try check(Change(new: try request.newObject("GameServerSet"), old: request.oldObject), &context)
      return .allowed(message: "validatingUpdate success")
    case .delete:
      if let object = request.oldObject {
        try DeletionProtection(admission: admission).checkDeletion(of: GameServerSet(object), request.key(object))
      }
      return .allowed(message: "pass validating")
    case .connect: return .allowed(message: "pass validating")
    }
  }

  private func check(_ change: Change, _ context: inout ReviewContext) throws(ReviewFailure) {
    try GameServerSetRules.check(change, admission).settle(&context)
  }
}
