import Admission
import HotReload
import Kubernetes

/// Adds the hot-reload sidecar to a pod whose annotations ask for it.
struct HotReloadStep: Mutator {
  let name = "hot-reload"
  let defaults: HotReloadDefaults
  let validation: ValidationMode

  func mutate(_ review: inout PodReview, _ context: inout ReviewContext) throws(ReviewFailure) {
    // The overrides of the pod's other containers were applied by a step that ran before these were there.
    let server = review.gameServer
    var overridden: [String] = []
    let outcome: HotReloadOutcome
    do {
      outcome = try HotReloadInjector.inject(&review.editor, defaults) { container in
        overridden += ContainerOverrides(server).apply(to: &container, &context)
      }
    } catch {
      guard validation == .warn else { throw .refused(error.problem.message) }
      context.warn(error.problem.message)
      return context.skipped("the settings do not work, and OpenKruiseGame would have let the pod pass")
    }
    for problem in outcome.warnings where problem.severity == .warning { context.warn(problem.message) }
    switch outcome.action {
    case .notRequested: context.skipped("no annotation asks for it")
    case .unchanged: context.skipped("the pod has a container of the sidecar's name")
    case .injected(let fingerprint):
      context.audit("hot-reload", fingerprint)
      context.acted("sidecar with settings \(fingerprint)")
      guard !overridden.isEmpty else { return }
      context.audit("hot-reload-overrides", overridden.joined(separator: ", "))
      context.acted("\(overridden.joined(separator: ", ")), from GameServer \(review.key)")
    }
  }
}
