import GameAdmission
import Kubernetes
import NetworkPlugins

/// What decides, made of the options of a command.
struct Decider {
  /// Everything that decides about objects.
  let admission: GameAdmission
  /// Which providers are enabled, with which ports.
  let configuration: ProviderConfiguration
  /// Why providers that are enabled cannot be used.
  let problems: [String]
}

extension DecisionOptions {
  /// Everything that decides, over a view of the cluster.
  func decider(_ store: ObjectStore) throws(InputError) -> Decider {
    let configuration = try configuration()
    let hostPorts = HostPortAllocator(range: configuration.kubernetes.hostPort)
    hostPorts.observe(store)
    let plugins = PluginRegistry(configuration, hostPorts: hostPorts)
    let admission = GameAdmission(
      cluster: store, plugins: plugins, validation: validation == .strict ? .strict : .warn,
      hotReload: hotReload)
    return Decider(admission: admission, configuration: configuration, problems: plugins.problems)
  }
}
