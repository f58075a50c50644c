public import Kubernetes

/// What a plugin's reconcile step looks at: one pod, what it asks for, and the cluster as the store shows it.
public struct NetworkContext: Sendable {
  /// The pod; it is there and not on its way out.
  public let pod: Pod
  /// What the pod asks for, the parameters checked or salvaged.
  public let network: PodNetwork
  /// What the pod's status annotation says; nil where there is none or one that does not parse.
  public let status: NetworkStatus?
  /// The GameServerSet of the pod; nil where the store has none of that name.
  public let set: GameServerSet?
  /// The ports that the pod holds, for a plugin that demanded some.
  public let holding: PortHolding?
  /// The time of the pass.
  public let now: Timestamp
  /// What is known of the cluster.
  public let cluster: any ClusterReader

  /// Gathers what a plugin looks at.
  public init(
    pod: Pod, network: PodNetwork, holding: PortHolding? = nil, now: Timestamp, cluster: any ClusterReader
  ) {
    self.pod = pod
    self.network = network
    self.holding = holding
    self.now = now
    self.cluster = cluster
    let text = pod.metadata.annotations[GameAnnotations.networkStatus]
    // A text that does not parse counts as no status: the plugin writes a whole one in its place.
    status = (try? NetworkStatus.parse(annotation: text)) ?? nil
    set = pod.ownerSet.flatMap { cluster.gameServerSet(NamespacedName(pod.namespace, $0)) }
  }

  /// The same with the ports that the pod was given.
  public func with(_ holding: PortHolding) -> NetworkContext {
    NetworkContext(pod: pod, network: network, holding: holding, now: now, cluster: cluster)
  }

  /// The pod as it asks for ports of load balancers.
  public var holder: PortHolder {
    PortHolder(
      pod.key, owners: Set([pod.metadata.uid] + (set.map { [$0.metadata.uid] } ?? [])),
      isInUse: !(status?.externalAddresses.isEmpty ?? true))
  }

  /// The parameters in their order.
  public var parameters: [NetworkParameter] { network.parameters }
  /// The parameters, found by name.
  var values: ParameterValues { ParameterValues(network.parameters) }
  /// Whether traffic must be cut.
  public var isDisabled: Bool { network.isDisabled }
  /// The key of an object in the pod's namespace.
  func key(_ name: String) -> NamespacedName { NamespacedName(pod.namespace, name) }
  /// The Service of that name in the pod's namespace.
  func service(_ name: String) -> Service? { cluster.object(.services, key(name))?.as(Service.self) }

  /// Who owns what the plugin makes: the pod, or the GameServerSet of what outlives the pod.
  ///
  /// - Throws: an error of the API where the GameServerSet is not known: the pod must not own what is meant to stay.
  func owner(isFixed: Bool) throws(PluginError) -> OwnerReference {
    isFixed ? try setOwner() : OwnerReference(.pods, pod)
  }

  /// The GameServerSet as an owner.
  ///
  /// - Throws: an error of the API where it is not known.
  func setOwner() throws(PluginError) -> OwnerReference {
    guard let set else {
      throw PluginError(
        .apiCall, "GameServerSet \(pod.ownerSet ?? "") of \(pod.key) is not known, so it can own nothing")
    }
    return OwnerReference(.gameServerSets, set)
  }
}
