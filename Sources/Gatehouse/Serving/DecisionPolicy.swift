import GameAdmission
import HotReload
import Kubernetes
import NetworkPlugins

/// What decisions depend on besides the object and the cluster.
struct DecisionPolicy: Sendable {
  /// Which providers are enabled, with which ports.
  var configuration: ProviderConfiguration
  /// How strict validation is.
  var validation: ValidationMode
  /// The image of the hot-reload sidecar, where an annotation names no other.
  var agentImage: String
  /// Whether the API server keeps containers that start before the others (Kubernetes 1.29).
  var supportsNativeSidecars: Bool

  /// What hot reload takes where an annotation says nothing.
  var hotReload: HotReloadDefaults {
    HotReloadDefaults(agentImage: agentImage, serverSupportsNativeSidecars: supportsNativeSidecars)
  }
}

/// The network plugins that a configuration enables, with the ports that they give.
struct PluginSet: Sendable {
  /// Which providers are enabled, with which ports.
  let configuration: ProviderConfiguration
  /// The plugins.
  let registry: PluginRegistry
  /// The ports of load balancers, as the Services of the store show them.
  let loadBalancers: LoadBalancerPorts

  /// Plugins that see the ports which a store shows in use.
  init(_ store: ObjectStore, _ configuration: ProviderConfiguration) {
    self.configuration = configuration
    let hostPorts = HostPortAllocator(range: configuration.kubernetes.hostPort)
    hostPorts.observe(store)
    registry = PluginRegistry(configuration, hostPorts: hostPorts)
    loadBalancers = LoadBalancerPorts(registry.portSpaces)
    loadBalancers.observe(store)
  }
}

/// What decides, over a view of the cluster.
struct Decider: Sendable {
  /// Everything that decides about objects.
  let admission: GameAdmission
  /// Which providers are enabled, with which ports.
  let configuration: ProviderConfiguration
  /// Why providers that are enabled cannot be used.
  let problems: [String]

  /// Decides by a policy, with what a store holds.
  init(_ store: ObjectStore, _ policy: DecisionPolicy) {
    self.init(store, policy, PluginSet(store, policy.configuration))
  }

  /// Decides by a policy, with plugins that others share.
  init(_ store: ObjectStore, _ policy: DecisionPolicy, _ plugins: PluginSet) {
    configuration = plugins.configuration
    problems = plugins.registry.problems
    admission = GameAdmission(
      cluster: store, plugins: plugins.registry, validation: policy.validation, hotReload: policy.hotReload)
  }
}
