import Controllers
import GameAdmission
import Kubernetes
import NetworkPlugins

/// The controllers of the product.
///
/// A new one is a word in ``all`` and the declaration that it names.
struct ControllerList: Sendable {
  /// Sets that are worked on at once.
  let setWorkers: Int
  /// Servers that are worked on at once.
  let serverWorkers: Int
  /// The network plugins that are enabled.
  let plugins: PluginSet
  /// Whether a parameter that does not parse stops a network.
  let isStrict: Bool

  /// Every controller that works on games.
  var all: [ControllerDeclaration] {
    [gameServerSets, gameServers, networks, setNetworks, hotReload, missedPods]
  }

  private var gameServerSets: ControllerDeclaration {
    ControllerDeclaration(
      name: "gameserverset-controller", workers: setWorkers,
      watches: [.gameServerSets, .podProbeMarkers, .pods, .advancedStatefulSets], keys: KeyMapping.gameServerSets
    ) { context in
      GameServerSetReconciler(
        cluster: context.cluster, writer: context.client, events: context.events("gameserverset-controller"),
        features: context.features)
    }
  }

  private var missedPods: ControllerDeclaration {
    ControllerDeclaration(
      name: "missed-pod-controller", workers: 1, watches: [.pods], keys: KeyMapping.newPods
    ) { context in
      MissedPodReconciler(
        cluster: context.cluster, writer: context.client, events: context.events("missed-pod-controller"),
        registry: context.registry, admission: context.admission)
    }
  }

  private var gameServers: ControllerDeclaration {
    ControllerDeclaration(
      name: "gameserver-controller", workers: serverWorkers, watches: [.gameServers, .pods],
      keys: KeyMapping.gameServers,
      detour: ControllerDeclaration.Detour(watches: [.nodes], keys: KeyMapping.nodes) { cluster, publish in
        NodeFanOut(cluster: cluster, publish: publish)
      }
    ) { context in
      GameServerReconciler(
        cluster: context.cluster, writer: context.client, events: context.events("gameserver-controller"),
        patience: context.patience)
    }
  }

  private var networks: ControllerDeclaration {
    ControllerDeclaration(
      name: "network-controller", workers: serverWorkers, watches: watchedForNetworks, keys: KeyMapping.networkPods,
      detour: ControllerDeclaration.Detour(watches: watchedForNetworks, keys: KeyMapping.networkGroups) {
        NetworkFanOut(cluster: $0, publish: $1)
      }
    ) { [plugins, isStrict] context in
      // Another replica may have given ports since this one led.
      plugins.loadBalancers.forgetHandouts()
      return NetworkReconciler(
        cluster: context.cluster, writer: context.client, events: context.events("network-controller"),
        plugins: plugins.registry, ports: plugins.loadBalancers, isStrict: isStrict)
    }
  }

  private var setNetworks: ControllerDeclaration {
    ControllerDeclaration(
      name: "network-set-controller", workers: setWorkers, watches: watchedForNetworks, keys: KeyMapping.networkSets
    ) { [plugins] context in
      SetNetworkReconciler(
        cluster: context.cluster, writer: context.client, events: context.events("network-set-controller"),
        plugins: plugins.registry)
    }
  }

  private var hotReload: ControllerDeclaration {
    ControllerDeclaration(
      name: "hot-reload-controller", workers: serverWorkers, watches: [.gameServers, .pods],
      keys: KeyMapping.gameServers
    ) { context in
      HotReloadReconciler(
        cluster: context.cluster, writer: context.client, events: context.events("hot-reload-controller"))
    }
  }

  private var watchedForNetworks: [Resource] { KeyMapping.networkResources + plugins.registry.cloudResources }
}

/// Brings up the servers on a node whose conditions have changed.
private struct NodeFanOut: Reconciler {
  let name = "node-fan-out"
  let cluster: any ClusterReader
  let publish: @Sendable (NamespacedName) -> Void

  func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    for pod in cluster.objects(.pods, .node(key.name)) where pod.metadata.labels[GameLabels.ownerSet] != nil {
      publish(pod.key)
    }
    return .done
  }
}
