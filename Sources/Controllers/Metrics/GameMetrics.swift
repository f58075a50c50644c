import JSON
public import Kubernetes
public import Telemetry

/// The gauges of game servers and their sets, under the names that OpenKruiseGame's dashboards use.
///
/// They are counted from the store when somebody collects, so that nothing drifts: an object that is gone is in no count, and one that was
/// missed is in all of them with the next look.
public struct GameMetrics: Sendable {
  private let cluster: any ClusterReader

  /// Gauges of the objects of a store.
  public init(_ cluster: any ClusterReader) { self.cluster = cluster }

  /// Adds the gauges to what a registry collects.
  ///
  /// - Parameter isShown: whether they are shown at the moment; one replica does, or sums over all of them count everything twice.
  public func register(in registry: MetricRegistry, isShown: @escaping @Sendable () -> Bool = { true }) {
    registry.onCollect { collection in
      guard isShown() else { return }
      addServers(to: &collection)
      addSets(to: &collection)
    }
  }

  private struct OpsStateKey: Hashable {
    let state: String
    let set: String
    let namespace: String
  }

  private func addServers(to collection: inout MetricCollection) {
    var states: [String: Int] = [:]
    var opsStates: [OpsStateKey: Int] = [:]
    cluster.forEach(.gameServers, .all(namespace: nil)) { object in
      let server = object.as(GameServer.self)
      states[server.status?["currentState"]?.string ?? "", default: 0] += 1
      let key = OpsStateKey(
        state: server.opsState ?? "", set: server.ownerSet ?? "", namespace: server.namespace)
      opsStates[key, default: 0] += 1
      addPriorities(of: server, to: &collection)
    }
    for (state, count) in states {
      collection.gauge(
        "okg_gameservers_state_count", help: "Game servers in each state.", labels: ["state": state], Double(count))
    }
    for (key, count) in opsStates {
      collection.gauge(
        "okg_gameservers_opsState_count", help: "Game servers of each set in each operational state.",
        labels: ["opsState": key.state, "gssName": key.set, "namespace": key.namespace], Double(count))
    }
  }

  private func addPriorities(of server: GameServer, to collection: inout MetricCollection) {
    let labels: LabelSet = ["gsName": server.name, "gsNs": server.namespace]
    func value(_ field: String) -> Double? { (server.status?[field]?.string).flatMap(Double.init) }
    if let priority = value("deletionPriority") {
      collection.gauge(
        "okg_gameserver_deletion_priority", help: "The deletion priority of each game server.", labels: labels, priority
      )
    }
    if let priority = value("updatePriority") {
      collection.gauge(
        "okg_gameserver_update_priority", help: "The update priority of each game server.", labels: labels, priority)
    }
  }

  private static let counts = [
    ("current", "currentReplicas"), ("ready", "readyReplicas"), ("available", "availableReplicas"),
    ("maintaining", "maintainingReplicas"), ("waitToBeDeleted", "waitToBeDeletedReplicas"),
    ("preDelete", "preDeleteReplicas"),
  ]

  private func addSets(to collection: inout MetricCollection) {
    for set in cluster.objects(.gameServerSets, .all(namespace: nil)) {
      for (name, field) in Self.counts {
        collection.gauge(
          "okg_gameserversets_replicas_count", help: "Game servers of each set by status.",
          labels: ["gssName": set.name, "gssNs": set.namespace, "gsStatus": name],
          Double(set.json["status"]?[field]?.int ?? 0))
      }
    }
  }
}
