import Admission
import HotReload
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
    PodRules(admission: admission).check(pod, request.key(pod.json), &findings)
    // The mutating path has warned of the network and of the sidecar already, and the user sees both answers. It does not look sources
    // up, nor at annotations that it does not read: nothing that it writes depends on them.
    var rules: [HotReloadProblem.Rule] = [.missingSource, .unknownAnnotation]
    if !pod.metadata.annotations.contains(HotReloadAnnotation.inject.key) { rules.append(.unusedAnnotation) }
    try findings.settle(
      &context, warningOf: [GameRule.podName, .priority, .opsState].map(\.rawValue) + rules.map(\.rawValue))
    return .allowed()
  }
}
