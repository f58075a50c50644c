import Admission
import JSON
import Kubernetes

/// Writes what a GameServer is created with where its maker left it out.
struct GameServerDefaults: Mutator {
  let name = "defaults"

  func mutate(_ review: inout ObjectReview, _ context: inout ReviewContext) throws(ReviewFailure) {
    review.setDefault(["spec", "opsState"], .string(OpsState.none.rawValue), &context)
    review.setDefault(["spec", "updatePriority"], 0, &context)
    review.setDefault(["spec", "deletionPriority"], 0, &context)
    review.setDefault(["spec", "networkDisabled"], false, &context)
  }
}
