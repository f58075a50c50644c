public import Kubernetes

/// Brings up the pods of something that changed and that many pods show: a node, a GameServerSet, a Service that several pods share.
///
/// The store's observers must not ask the store, so they only note what changed; this finds the pods.
public struct NetworkFanOut: Reconciler {
  /// The name in logs and metrics.
  public let name = "network-fan-out"
  private let cluster: any ClusterReader
  private let publish: @Sendable (NamespacedName) -> Void

  /// A fan-out that hands pods to another queue.
  public init(cluster: any ClusterReader, publish: @escaping @Sendable (NamespacedName) -> Void) {
    self.cluster = cluster
    self.publish = publish
  }

  /// Brings up the pods of a node, whose key has no namespace, or of a GameServerSet.
  public func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    let pods =
      key.namespace.isEmpty
      ? cluster.objects(.pods, .node(key.name)).map { $0.as(Pod.self) } : cluster.pods(ofSet: key)
    for pod in pods where pod.metadata.annotations.contains(GameAnnotations.networkType) { publish(pod.key) }
    return .done
  }
}
