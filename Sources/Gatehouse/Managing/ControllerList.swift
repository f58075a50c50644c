import Controllers
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
  /// Which turns of servers' states are told.
  let stateNews: StateNews
  /// The resources of clouds that network plugins read.
  let cloudResources: [Resource]

  /// Every controller that works on games.
  var all: [ControllerDeclaration] {
    [gameServerSets, gameServers, hotReload, missedPods, networks, sharedNetworks]
  }

  private var gameServerSets: ControllerDeclaration {
    ControllerDeclaration(
      name: "gameserverset-controller", workers: setWorkers,
      watches: [.gameServerSets, .podProbeMarkers, .pods, .advancedStatefulSets], keys: KeyMapping.gameServerSets,
      // Each pass counts all pods of its set; while they come and go in hundreds, two counts a second show it.
      gathering: [.pods: .milliseconds(500), .advancedStatefulSets: .milliseconds(500)],
      trace: ReconcileTrace.gameServerSets
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

  private var networks: ControllerDeclaration {
    let watches = KeyMapping.networkResources + cloudResources
    return ControllerDeclaration(
      name: "network-controller", workers: serverWorkers, watches: watches, keys: KeyMapping.networkPods,
      detour: ControllerDeclaration.Detour(watches: watches, keys: KeyMapping.networkGroups) { cluster, group in
        KeyMapping.networkPods(of: group, in: cluster)
      }
    ) { context in
      // What another term gave and did not write is nobody's any more.
      context.loadBalancers.forgetHandouts()
      return NetworkReconciler(
        cluster: context.cluster, writer: context.client, events: context.events("network-controller"),
        plugins: context.plugins, ports: context.loadBalancers, isStrict: context.isStrict)
    }
  }

  private var sharedNetworks: ControllerDeclaration {
    ControllerDeclaration(
      name: "network-set-controller", workers: setWorkers, watches: KeyMapping.networkResources + cloudResources,
      keys: KeyMapping.networkSets
    ) { context in
      SetNetworkReconciler(
        cluster: context.cluster, writer: context.client, events: context.events("network-set-controller"),
        plugins: context.plugins, isStrict: context.isStrict)
    }
  }

  private var hotReload: ControllerDeclaration {
    ControllerDeclaration(
      name: "hot-reload-controller", workers: serverWorkers, watches: [.gameServers, .pods],
      keys: KeyMapping.hotReloads
    ) { context in
      HotReloadReconciler(
        cluster: context.cluster, writer: context.client, events: context.events("hot-reload-controller"))
    }
  }

  private var gameServers: ControllerDeclaration {
    ControllerDeclaration(
      name: "gameserver-controller", workers: serverWorkers, watches: [.gameServers, .pods],
      keys: KeyMapping.gameServers,
      detour: ControllerDeclaration.Detour(
        watches: [.nodes, .gameServerSets],
        keys: { resource, old, new in
          KeyMapping.nodes(resource, old: old, new: new) + KeyMapping.templates(resource, old: old, new: new)
        }
      ) { cluster, key in
        // Nodes have no namespace.
        let query: ObjectQuery =
          key.namespace.isEmpty
          ? .node(key.name) : .label(GameLabels.ownerSet, key.name, namespace: key.namespace)
        var keys: [NamespacedName] = []
        cluster.forEach(.pods, query) { pod in
          if pod.metadata.labels.contains(GameLabels.ownerSet) { keys.append(pod.key) }
        }
        return keys
      }, trace: ReconcileTrace.gameServers
    ) { context in
      GameServerReconciler(
        cluster: context.cluster, writer: context.client, events: context.events("gameserver-controller"),
        patience: context.patience, news: stateNews)
    }
  }
}
