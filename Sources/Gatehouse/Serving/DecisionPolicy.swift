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

/// What decides, over a view of the cluster.
struct Decider: Sendable {
  /// Everything that decides about objects.
  let admission: GameAdmission
  /// The plugins that decide about networks.
  let plugins: PluginRegistry
  /// What gives the plugins ports of load balancers, by what the store holds.
  let loadBalancers: LoadBalancerPorts
  /// Which providers are enabled, with which ports.
  let configuration: ProviderConfiguration
  /// What hot reload takes where an annotation says nothing.
  let hotReload: HotReloadDefaults
  /// Why providers that are enabled cannot be used.
  var problems: [String] { plugins.problems }

  /// Decides by a policy, with what a store holds.
  init(_ store: ObjectStore, _ policy: DecisionPolicy) {
    let hostPorts = HostPortAllocator(range: policy.configuration.kubernetes.hostPort)
    hostPorts.observe(store)
    (configuration, hotReload) = (policy.configuration, policy.hotReload)
    plugins = PluginRegistry(policy.configuration, hostPorts: hostPorts)
    loadBalancers = LoadBalancerPorts(plugins.portSpaces)
    loadBalancers.observe(store)
    admission = GameAdmission(
      cluster: store, plugins: plugins, validation: policy.validation, hotReload: policy.hotReload)
  }
}
