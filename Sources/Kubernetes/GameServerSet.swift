public import JSON

/// A GameServerSet: a template of game servers and how many there should be.
public struct GameServerSet: ObjectView {
  /// The object as it was received.
  public let json: JSONView
  /// Looks at a set.
  public init(_ json: JSONView) { self.json = json }

  /// The `spec` object.
  public var spec: JSONView? { json["spec"] }
  /// The `status` object.
  public var status: JSONView? { json["status"] }
  /// How many servers are wanted, from 0 to what the API's 32 bits hold, whatever is written; an absent `spec.replicas` counts as 0.
  public var replicas: Int { GameServerSet.bounded(spec?["replicas"]?.int ?? 0) }
  /// How many pods the controller saw last; nil before its first report.
  public var currentReplicas: Int? { (status?["currentReplicas"]?.int).map(GameServerSet.bounded) }
  /// How many servers are marked for removal; nil before the controller's first report.
  public var waitToBeDeletedReplicas: Int? { (status?["waitToBeDeletedReplicas"]?.int).map(GameServerSet.bounded) }

  /// A number of servers within what the API has.
  private static func bounded(_ count: Int) -> Int { min(max(count, 0), Int(Int32.max)) }

  /// The template of the servers: `metadata` and `spec` of a pod, volume claims, reclaim policy.
  public var template: JSONView? { spec?["gameServerTemplate"] }
  /// The labels and annotations of the template.
  public var templateMetadata: ObjectMetadata { ObjectMetadata(template?["metadata"]) }
  /// The pod specification of the template.
  public var templateSpec: JSONView? { template?["spec"] }
  /// The containers of the template.
  public var templateContainers: [Container] { templateSpec?["containers"]?.elements.map(Container.init) ?? [] }
  /// What becomes of a GameServer when its pod goes; absent, empty and unknown count as `Cascade`.
  public var reclaimPolicy: ReclaimPolicy {
    (template?["reclaimPolicy"]?.string).flatMap(ReclaimPolicy.init) ?? .cascade
  }
  /// The ordinals that must not exist, as they are written.
  public var reserveGameServerIDs: [IntOrString] {
    spec?["reserveGameServerIds"]?.elements.compactMap(IntOrString.init) ?? []
  }
  /// The service qualities.
  public var serviceQualities: [JSONView] { spec?["serviceQualities"].map { Array($0.elements) } ?? [] }
  /// The network; nil where the set has none.
  public var network: Network? { spec?["network"].flatMap { $0.isObject ? Network($0) : nil } }

  /// The network of a set.
  public struct Network: Sendable {
    /// The network as it was received.
    public let json: JSONView
    /// Looks at a network.
    public init(_ json: JSONView) { self.json = json }

    /// The network type, which is the name of a plugin.
    public var type: String { json["networkType"]?.string ?? "" }
    /// The parameters in their order.
    public var parameters: [NetworkParameter] { NetworkParameter.list(json["networkConf"]) ?? [] }
    /// Whether the list of parameters is there at all, if only empty.
    public var hasParameters: Bool { json["networkConf"]?.isArray ?? false }
  }
}
