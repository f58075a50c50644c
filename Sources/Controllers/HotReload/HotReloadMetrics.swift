import HotReload
public import Kubernetes
public import Telemetry

/// How many servers of each set their hot reload has brought how far, counted from the store when somebody collects.
public struct HotReloadMetrics: Sendable {
  private let cluster: any ClusterReader

  /// Gauges of the objects of a store.
  public init(_ cluster: any ClusterReader) { self.cluster = cluster }

  /// Adds the gauges to what a registry collects.
  ///
  /// - Parameter isShown: whether they are shown at the moment; one replica does, or sums over all of them count everything twice.
  public func register(in registry: MetricRegistry, isShown: @escaping @Sendable () -> Bool = { true }) {
    registry.onCollect { collection in
      guard isShown() else { return }
      for (key, count) in counts {
        collection.gauge(
          "gatehouse_hot_reload_servers",
          help: "Game servers with hot reload of each set, by what it has come to and what the game sees.",
          labels: ["gssName": key.set, "gssNs": key.namespace, "result": key.result, "revision": key.revision],
          Double(count))
      }
    }
  }

  private struct Key: Hashable {
    let set: String
    let namespace: String
    let result: String
    let revision: String
  }

  /// Revisions are few: those of a roll-out, and the ones that held servers still show.
  private var counts: [Key: Int] {
    var counts: [Key: Int] = [:]
    cluster.forEach(.gameServers, .all(namespace: nil)) { object in
      let annotations = object.metadata.annotations
      guard let result = annotations[HotReloadAnnotation.result.key] else { return }
      let key = Key(
        set: object.metadata.labels[GameLabels.ownerSet] ?? "", namespace: object.namespace, result: result,
        revision: annotations[HotReloadAnnotation.revision.key] ?? "")
      counts[key, default: 0] += 1
    }
    return counts
  }
}
