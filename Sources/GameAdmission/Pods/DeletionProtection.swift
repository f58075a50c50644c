import Admission
import Kubernetes

/// Keeps servers with players from being removed by those who do not know of them.
///
/// It holds for sets with the annotation `game.kruise.io/protect: Allocated`. A server counts as in use when its GameServer or its pod says
/// so: the one is newer right after a match was assigned, the other right after the set took the pod over.
struct DeletionProtection {
  let admission: GameAdmission

  /// Refuses the eviction of a server in use.
  ///
  /// - Throws: a refusal with code 429, on which `kubectl drain` and the cluster autoscaler wait and try again, as they do for a
  ///   PodDisruptionBudget.
  func checkEviction(of key: NamespacedName) throws(ReviewFailure) {
    try admission.requireSynced(.pods, .gameServers, .gameServerSets)
    guard let pod = admission.cluster.pod(key), let name = pod.ownerSet, !pod.isTerminal,
      let set = admission.cluster.gameServerSet(NamespacedName(key.namespace, name)), isProtected(set), isInUse(pod)
    else { return }
    throw .refused(
      Refusal(
        "pod \(key) is in use: GameServerSet \(name) has \(GameAnnotations.protect) \"Allocated\" and the server's opsState is "
          + "\"Allocated\"; it can be evicted once opsState is anything else", .tooManyRequests))
  }

  /// Refuses the deletion of a set with a server in use.
  ///
  /// - Throws: a refusal that names some of these servers.
  func checkDeletion(of set: GameServerSet, _ key: NamespacedName) throws(ReviewFailure) {
    guard isProtected(set) else { return }
    try admission.requireSynced(.pods, .gameServers)
    let names = serversInUse(key)
    guard !names.isEmpty else { return }
    // A message is for reading; ten names show what is meant.
    let list = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? " and \(names.count - 10) more" : "")
    throw .refused(
      "metadata.annotations[\(GameAnnotations.protect)] \"Allocated\": \(names.count) server(s) of GameServerSet \(key) are "
        + "Allocated: \(list); end their matches, or remove the annotation")
  }

  private func isProtected(_ set: GameServerSet) -> Bool {
    set.metadata.annotations.has(GameAnnotations.protect, OpsState.allocated.rawValue)
  }

  private func isInUse(_ pod: Pod) -> Bool {
    pod.metadata.labels.has(GameLabels.opsState, OpsState.allocated.rawValue)
      || admission.cluster.gameServer(pod.key)?.opsState == OpsState.allocated.rawValue
  }

  private func serversInUse(_ set: NamespacedName) -> [String] {
    let pods = admission.cluster.pods(ofSet: set).filter { !$0.isTerminal && isInUse($0) }.map(\.name)
    let servers = admission.cluster.objects(
      .gameServers, .label(GameLabels.ownerSet, set.name, namespace: set.namespace)
    ).map { $0.as(GameServer.self) }.filter { $0.opsState == OpsState.allocated.rawValue }.map(\.name)
    return Set(pods + servers).sorted()
  }
}
