import Admission
public import JSON
public import Kubernetes

extension GameAdmission {
  /// What admission would change in a pod that exists, were it created as it is: empty for one that went through admission.
  ///
  /// Nothing is handed out for it. A pod of no set, and one that admission would refuse, get an empty patch: there is nothing to add.
  ///
  /// - Returns: nil where the stores that the decision needs have not synced.
  public func additions(to pod: Pod) -> JSONPatch? {
    guard let set = pod.ownerSet, !set.isEmpty else { return JSONPatch() }
    var context = ReviewContext(deadline: .now + ReviewDeadline.longest)
    do throws(ReviewFailure) {
      try requireSynced(.pods, .gameServers, .gameServerSets)
    } catch {
      return nil
    }
    var review = PodReview(pod, key: pod.key, set: set, isDryRun: true, cluster: cluster)
    do throws(ReviewFailure) {
      try PodForm.check(pod.json)
      try PodMutatingReviewer(self).pipeline.run(&review, &context)
    } catch {
      return JSONPatch()
    }
    return review.editor.patch
  }
}
