import Kubernetes

/// How long a game server's network may take, and how often it is looked at meanwhile.
public struct NetworkPatience: Sendable {
  /// How long the network may differ from what is wanted before users are told.
  public var total: Duration
  /// How often the network is looked at meanwhile.
  public var interval: Duration

  /// OpenKruiseGame's defaults: a minute, every five seconds (`NETWORK_TOTAL_WAIT_TIME`, `NETWORK_PROBE_INTERVAL_TIME`).
  public init(total: Duration = .seconds(60), interval: Duration = .seconds(5)) {
    self.total = total
    self.interval = interval
  }
}

/// The three objects that a pass over a game server reads, and when it happens.
struct ServerContext: Sendable {
  let set: GameServerSet
  let server: GameServer
  let pod: Pod
  let now: Timestamp
}
