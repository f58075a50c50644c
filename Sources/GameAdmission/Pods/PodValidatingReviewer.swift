import Admission
import JSON
import Kubernetes

/// `/validate-v1-pod`: refuses a pod that could not work as a game server, and the eviction of a server that is protected.
struct PodValidatingReviewer: Reviewer {
  let admission: GameAdmission

  func review(
    _ request: AdmissionRequest, _ context: inout ReviewContext
  ) throws(ReviewFailure) -> AdmissionDecision {
    try request.require(.pods)
    guard request.operation == .create else { return .allowed() }
    if request.isMainResource { return try create(request, &context) }
    guard request.subresource == "eviction" else { return .allowed() }
    try DeletionProtection(admission: admission).checkEviction(of: request.key(request.object))
    return .allowed()
  }

  private func create(
    _ request: AdmissionRequest, _ context: inout ReviewContext
  ) throws(ReviewFailure) -> AdmissionDecision {
    let pod = Pod(try request.newObject("Pod"))
    guard let set = pod.ownerSet, !set.isEmpty else { return .allowed() }
    var findings = FindingList(admission.validation)
    PodRules(admission: admission).check(pod, podName: request.key(pod.json).name, &findings)
    // The mutating path has warned of the network and of hot reload already, and the user sees both answers.
    try findings.settle(&context, warningOf: [.podName, .priority, .opsState])
    return .allowed()
  }
}
