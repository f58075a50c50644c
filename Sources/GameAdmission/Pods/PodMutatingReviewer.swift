import Admission
import JSON
import Kubernetes

/// `/mutate-v1-pod`: makes a pod of a GameServerSet the game server that it should be from its first second.
struct PodMutatingReviewer: Reviewer {
  private let admission: GameAdmission
  let pipeline: Pipeline<PodReview>

  init(_ admission: GameAdmission) {
    self.admission = admission
    pipeline = Pipeline([
      OwnerStep(), StateStep(), OverrideStep(),
      NetworkStep(plugins: admission.plugins, cluster: admission.cluster, validation: admission.validation),
      HotReloadStep(defaults: admission.hotReload, validation: admission.validation),
    ])
  }

  func review(
    _ request: AdmissionRequest, _ context: inout ReviewContext
  ) throws(ReviewFailure) -> AdmissionDecision {
    try request.require(.pods)
    guard request.isMainResource else { return .allowed() }
    switch request.operation {
    case .create: return try create(request, &context)
    case .update: return try update(request, &context)
    case .delete: return .allowed(message: "delete successfully")
    case .connect: return .allowed()
    }
  }

  private func create(
    _ request: AdmissionRequest, _ context: inout ReviewContext
  ) throws(ReviewFailure) -> AdmissionDecision {
    let pod = Pod(try request.newObject("Pod"))
    guard let set = pod.ownerSet, !set.isEmpty else {
      context.begin("owner")
      context.skipped("the pod has no label \(GameLabels.ownerSet)")
      return .allowed()
    }
    try PodForm.check(pod.json)
    try admission.requireSynced(.pods, .gameServers, .gameServerSets)
    var review = PodReview(
      pod, key: request.key(pod.json), set: set, isDryRun: request.isDryRun, cluster: admission.cluster,
      reviewID: request.isUnnamed(pod) ? request.id : nil)
    try pipeline.run(&review, &context)
    return .patched(review.editor.patch)
  }

  /// An older registration also sends updates; the one thing left to do there is to take back an annotation of the old controller.
  private func update(
    _ request: AdmissionRequest, _ context: inout ReviewContext
  ) throws(ReviewFailure) -> AdmissionDecision {
    var editor = PodEditor(Pod(try request.newObject("Pod")))
    context.begin("trace-context")
    guard editor.annotation(GameAnnotations.traceParent) != nil else { return .allowed() }
    editor.removeAnnotation(GameAnnotations.traceParent)
    context.acted("annotation \(GameAnnotations.traceParent) has done its service")
    return .patched(editor.patch)
  }
}
