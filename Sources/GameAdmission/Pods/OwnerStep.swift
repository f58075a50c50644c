import Admission
import Kubernetes

/// Says which server the pod is; writes nothing.
struct OwnerStep: Mutator {
  let name = "owner"

  func mutate(_ review: inout PodReview, _ context: inout ReviewContext) throws(ReviewFailure) {
    context.skipped("pod \(review.key) is a server of GameServerSet \(review.set.name)")
  }
}
