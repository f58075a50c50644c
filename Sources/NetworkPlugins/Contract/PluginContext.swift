public import Kubernetes

/// What a plugin may look at besides the pod that it edits.
public struct PluginContext: Sendable {
  /// The pod's namespace and name.
  public let podKey: NamespacedName
  /// What is handed out to the pod is remembered by this key: the pod's own, or one for a pod whose name is still to be made.
  public let handOutKey: NamespacedName
  /// The GameServerSet that the pod belongs to; nil where its label is missing.
  public let set: NamespacedName?
  /// The parameters of the network in their order.
  public let parameters: [NetworkParameter]
  /// What ``NetworkPlugin/prepare(_:)`` made of these very parameters; nil where that is not known.
  public let prepared: (any PreparedParameters)?
  /// Whether nothing may be remembered, because nothing will be stored.
  public let isDryRun: Bool
  /// The time of the review.
  public let now: ContinuousClock.Instant
  /// What is known of the cluster.
  public let cluster: any ClusterReader

  /// Gathers what a plugin may look at.
  public init(
    podKey: NamespacedName, handOutKey: NamespacedName? = nil, set: NamespacedName?, parameters: [NetworkParameter],
    prepared: (any PreparedParameters)? = nil, isDryRun: Bool = false, now: ContinuousClock.Instant = .now,
    cluster: any ClusterReader
  ) {
    self.prepared = prepared
    self.podKey = podKey
    self.handOutKey = handOutKey ?? podKey
    self.set = set
    self.parameters = parameters
    self.isDryRun = isDryRun
    self.now = now
    self.cluster = cluster
  }
}

/// Something that the one who asked, or the one who audits, should know of what a plugin did.
public enum PluginNote: Sendable, Hashable {
  /// An entry of the review's audit annotations; the key has no slash.
  case audit(key: String, value: String)
  /// A text that the user sees beside the answer.
  case warning(String)
}
