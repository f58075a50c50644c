public import HTTPServer
import Kubernetes

/// A whole simulated cluster that lives by itself: the API on a port, garbage collection, nodes, workloads, probes and load balancers.
///
/// What ``run()`` does ends with its task, so whoever starts a cluster decides how long it lives.
public final class LiveCluster: Sendable {
  /// How a cluster is made.
  public struct Settings: Sendable {
    /// `host:port` of the API; port 0 takes a free one.
    public var address = "127.0.0.1:0"
    /// TLS for the API, or nil for plain text.
    public var security: ServerSecurity?
    /// How many nodes there are; without any, pods stay pending as they do in a bare control plane.
    public var nodes = 3
    /// How many pods fit on a node.
    public var podsPerNode = 110
    /// How fast time passes.
    public var speed = 1.0
    /// How long nodes take for what they do.
    public var pace = NodePace()
    /// How long load balancers take, and what they refuse.
    public var loadBalancers = LoadBalancerPlan()
    /// Where webhooks of Services are reached, beside what Endpoints say.
    public var webhookAddresses = ServiceAddressTable()

    /// A cluster of three nodes on a free port.
    public init() {}
  }

  /// The API server.
  public let server: SimulatedAPIServer
  /// The API on its port.
  public let front: SimulatedFront
  /// The results of probes, for scripts.
  public let probes: ProbeSimulator
  private let settings: Settings
  let client: InProcessClient
  private let webhooks: WebhookAdmission
  private let loop: RealTimeLoop

  /// Makes a cluster; nothing runs yet.
  ///
  /// - Throws: A `ServerError` for a bad certificate.
  public init(_ settings: Settings = Settings()) throws(ServerError) {
    self.settings = settings
    server = SimulatedAPIServer(clock: ScaledClock(speed: settings.speed))
    client = InProcessClient(server)
    front = try SimulatedFront(server, address: settings.address, security: settings.security)
    webhooks = WebhookAdmission(server, addresses: settings.webhookAddresses)
    server.setAdmission(webhooks)
    let store = ObjectStore()
    probes = ProbeSimulator(client: client, cluster: store)
    let resources = [
      Resource.services, .ingresses, .persistentVolumeClaims, .controllerRevisions, .nodes, .pods,
      .advancedStatefulSets,
      .podProbeMarkers,
    ]
    loop = RealTimeLoop(
      server: server, feeds: [StoreFeed(server, into: store, resources)],
      controllers: [
        WorkloadSimulator(client: client, cluster: store),
        NodeSimulator(client: client, cluster: store, pace: settings.pace), probes,
        LoadBalancerSimulator(client: client, cluster: store, plan: settings.loadBalancers),
        GarbageCollector(server), NamespaceCollector(server),
      ])
  }

  /// Binds the port and adds the nodes.
  ///
  /// - Returns: The address of the API.
  /// - Throws: A `ServerError` for an address that cannot be bound.
  public func start() throws(ServerError) -> String { try front.start() }

  /// Lives until the task is cancelled or ``stop()`` is called.
  public func run() async {
    try? await NodeSimulator.addNodes(settings.nodes, to: client, podsPerNode: settings.podsPerNode)
    await withDiscardingTaskGroup { group in
      group.addTask { await self.loop.run() }
      await front.run()
      group.cancelAll()
    }
  }

  /// Closes the port and all connections; blocks, so it must not be called from a task.
  public func stop() {
    front.stop()
    webhooks.shutDown()
  }
}
