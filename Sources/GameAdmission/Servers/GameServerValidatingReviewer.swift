import Admission
import Kubernetes

/// `/validate-v1alpha1-gs`: refuses a GameServer whose values its pod could never get.
struct GameServerValidatingReviewer: Reviewer {
  let admission: GameAdmission

  func review(
    _ request: AdmissionRequest, _ context: inout ReviewContext
  ) throws(ReviewFailure) -> AdmissionDecision {
    try request.require(.gameServers)
    guard request.isMainResource, request.operation == .create || request.operation == .update else {
      return .allowed(message: "pass validating")
    }
    let change = Change(
      new: try request.newObject("GameServer"), old: request.operation == .update ? request.oldObject : nil)
    try GameServerRules.check(change, admission).settle(&context)
    return .allowed()
  }
}
