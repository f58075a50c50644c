import JSON
import Kubernetes

/// A pod under review: its edits, and what the cluster knows of the server that it will be.
struct PodReview {
  var editor: PodEditor
  /// The pod's namespace and name.
  let key: NamespacedName
  /// The set that the pod belongs to.
  let set: NamespacedName
  /// The GameServer of the pod's name, where there is one that outlives pods.
  let gameServer: GameServer?
  /// Why a GameServer of the pod's name counts for nothing; nil where none does.
  let passedOver: String?
  /// Whether nothing will be stored.
  let isDryRun: Bool
  /// What is handed out to the pod is remembered by this key.
  let handOutKey: NamespacedName

  /// - Parameter reviewID: tells pods apart whose names the API server still has to make, and which so share the beginning of one; a
  ///   review that is sent again has the same. Nil for a pod with a name.
  init(
    _ pod: Pod, key: NamespacedName, set: String, isDryRun: Bool, cluster: any ClusterReader, reviewID: String? = nil
  ) {
    editor = PodEditor(pod)
    self.key = key
    handOutKey = reviewID.map { NamespacedName(key.namespace, key.name + $0) } ?? key
    self.set = NamespacedName(key.namespace, set)
    self.isDryRun = isDryRun
    let found = cluster.gameServer(key)
    passedOver = found.flatMap { PodReview.reasonToPassOver($0, pod) }
    gameServer = passedOver == nil ? found : nil
  }

  /// Why a GameServer says nothing about a new pod: it goes with the pod before this one (reclaim policy `Cascade`), or is being removed.
  private static func reasonToPassOver(_ server: GameServer, _ pod: Pod) -> String? {
    if server.metadata.isBeingDeleted { return "the GameServer of that name is being deleted" }
    guard let owner = server.metadata.controller, owner.kind == "Pod", owner.uid != pod.metadata.uid else { return nil }
    return "the GameServer of that name belongs to an earlier pod and goes with it"
  }
}
