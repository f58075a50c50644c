import Admission
import HotReload
import Kubernetes

/// Adds the hot-reload sidecar to a pod whose annotations ask for it.
struct HotReloadStep: Mutator {
  let name = "hot-reload"
  let defaults: HotReloadDefaults

  func mutate(_ review: inout PodReview, _ context: inout ReviewContext) throws(ReviewFailure) {
    let outcome: HotReloadOutcome
    do {
      outcome = try HotReloadInjector.inject(&review.editor, defaults)
    } catch {
      throw .refused(error.problem.message)
    }
    for problem in outcome.warnings where problem.severity == .warning { context.warn(problem.message) }
    switch outcome.action {
    case .notRequested: context.skipped("no annotation asks for it")
    case .unchanged: context.skipped("the pod has a container of the sidecar's name")
    case .injected(let fingerprint):
      context.audit("hot-reload", fingerprint)
      context.acted("sidecar with settings \(fingerprint)")
    }
  }
}
