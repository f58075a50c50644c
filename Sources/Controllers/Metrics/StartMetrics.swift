import JSON
public import Kubernetes
import Synchronization
public import Telemetry

/// How long game servers took to become ready, under the names that OpenKruiseGame's dashboards use.
///
/// Each server counts once in its life, from its creation to the first time that it was seen to become ready; one that was ready when this
/// process first saw it has no such time.
public final class StartMetrics: Sendable {
  private struct Times {
    let set: String
    var ready: Double?
    var network: Double?
  }

  private let times = Mutex<[NamespacedName: Times]>([:])
  private let seen = Atomic(0)
  private let now: @Sendable () -> Timestamp

  /// Follows the game servers of a store.
  ///
  /// - Parameter isShown: whether the times are shown at the moment; one replica does.
  public init(
    _ store: ObjectStore, _ registry: MetricRegistry, isShown: @escaping @Sendable () -> Bool = { true },
    now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.now = now
    store.observe(.gameServers) { [self] old, new in observe(old?.as(GameServer.self), new?.as(GameServer.self)) }
    registry.onCollect { [self] collection in
      if isShown() { show(&collection) }
    }
  }

  private func observe(_ old: GameServer?, _ new: GameServer?) {
    guard let new else {
      if let old { times.withLock { $0[old.key] = nil } }
      return
    }
    guard let old, old.metadata.uid == new.metadata.uid else {
      seen.add(1, ordering: .relaxed)
      times.withLock { $0[new.key] = nil }
      return
    }
    let isReady = becameReady(old.status?["currentState"]?.string, new.status?["currentState"]?.string)
    let hasNetwork = becameReady(networkState(old), networkState(new))
    guard isReady || hasNetwork, let created = Timestamp(new.metadata.creationTimestamp) else { return }
    // Clocks of machines differ: a time below zero is none.
    let seconds = max(0, (now() - created) / .seconds(1))
    times.withLock { times in
      var entry = times[new.key] ?? Times(set: new.ownerSet ?? "")
      if isReady { entry.ready = entry.ready ?? seconds }
      if hasNetwork { entry.network = entry.network ?? seconds }
      times[new.key] = entry
    }
  }

  private func networkState(_ server: GameServer) -> String? {
    server.status?["networkStatus"]?["currentNetworkState"]?.string
  }

  private func becameReady(_ old: String?, _ new: String?) -> Bool { old != "Ready" && new == "Ready" }

  private func show(_ collection: inout MetricCollection) {
    collection.counter(
      "okg_gameservers_total", help: "Game servers seen since the start of the process.",
      UInt64(seen.load(ordering: .relaxed)))
    for (key, entry) in times.withLock({ $0 }) {
      let labels: LabelSet = ["gsName": key.name, "gsNs": key.namespace, "gssName": entry.set]
      if let ready = entry.ready {
        collection.gauge(
          "okg_gameserver_ready_duration_seconds", help: "Seconds from a game server's creation to its being ready.",
          labels: labels, ready)
      }
      if let network = entry.network {
        collection.gauge(
          "okg_gameserver_network_ready_duration_seconds",
          help: "Seconds from a game server's creation to its network being ready.", labels: labels, network)
      }
    }
  }
}
