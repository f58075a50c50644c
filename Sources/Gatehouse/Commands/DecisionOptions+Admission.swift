import GameAdmission
import Kubernetes
import NetworkPlugins

extension DecisionOptions {
  /// Everything that decides, over a view of the cluster.
  func admission(_ cluster: any ClusterReader, _ configuration: ProviderConfiguration) -> GameAdmission {
    let plugins = PluginRegistry(configuration, hostPorts: HostPortAllocator())
    return GameAdmission(
      cluster: cluster, plugins: plugins, validation: validation == .strict ? .strict : .warn,
      hotReload: DecisionOptions.hotReload)
  }
}
