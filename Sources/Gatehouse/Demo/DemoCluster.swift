import Controllers
import GameAdmission
import JSON
import KubeClient
import Kubernetes
import Logging
import NetworkPlugins
import SimulatedCluster
import Telemetry

/// A simulated cluster in the process with the real manager beside it: watches, reviews and writes all go over TLS.
final class DemoCluster: Sendable {
  /// How the demonstration's cluster is made.
  struct Settings: Sendable {
    var speed = 5.0
    var nodes = 3
    /// Definitions of the product's types; without them the types take any field.
    var definitions: [JSONValue] = []
  }

  /// What the demonstration reads; ``look()`` brings it up to date.
  private let store = ObjectStore()
  private let feed: StoreFeed
  let cluster: LiveCluster
  let client: InProcessClient
  private let replica: Replica
  private let registry: MetricRegistry
  private let settings: Settings
  /// The address of the API.
  let server: String
  /// What signed the API's certificate.
  let authority: [UInt8]

  /// Opens the API's port; nothing runs yet.
  init(_ settings: Settings, _ log: Logger) throws(CommandFailure) {
    let identity = try SimulationFiles.makeIdentity()
    var live = LiveCluster.Settings()
    live.security = identity.security
    live.nodes = settings.nodes
    live.speed = settings.speed
    do {
      cluster = try LiveCluster(live)
      server = "https://\(try cluster.start())"
    } catch {
      throw CommandFailure("\(error)")
    }
    (self.settings, authority) = (settings, identity.authority)
    client = InProcessClient(cluster.server, fieldManager: "kubectl")
    feed = StoreFeed(cluster.server, into: store, [.gameServerSets, .gameServers, .pods])
    registry = MetricRegistry()
    replica = Replica(try Self.replica(server, identity.authority), registry, log)
  }

  /// The manager as it runs outside of a cluster, with the limits of a client that has the API server for itself.
  private static func replica(_ server: String, _ authority: [UInt8]) throws(CommandFailure) -> ReplicaSettings {
    guard let url = WebhookURL("https://127.0.0.1") else { throw CommandFailure("127.0.0.1 is no address") }
    var client = ClientConfiguration(
      endpoint: Endpoint(server: server, trust: .pem(authority), proxy: ""),
      credentials: Credentials(authorization: .token("system:admin")))
    client.limits = ClientLimits(queriesPerSecond: 1000, burst: 2000)
    let policy = DecisionPolicy(
      configuration: .shipped, validation: .strict, agentImage: "gatehouse-hot-reload-agent:\(Gatehouse.version)",
      supportsNativeSidecars: true)
    return ReplicaSettings(
      client: client, policy: policy, registration: .managed(.url(url)), instance: "demo")
  }

  /// Brings the cluster and the manager up, calls the body, and ends both in order.
  ///
  /// - Throws: ``CommandFailure`` when either cannot start, or what the body throws.
  func run<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
    let life = Task { await cluster.run() }
    let (starts, started) = AsyncStream.makeStream(of: Void.self)
    let manager = Task {
      // The stream's end says that the manager is up, or that it never will be.
      defer { started.finish() }
      do throws(CommandFailure) {
        try await replica.run { _ in started.finish() }
        return nil as CommandFailure?
      } catch {
        return error
      }
    }
    let result: Result<Value, any Error>
    do {
      try await prepare()
      for await _ in starts {}
      try await waitForRegistration()
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    replica.stop(grace: .zero)
    let failure = await manager.value
    // The manager gives its lease back, so the cluster outlives it.
    life.cancel()
    await life.value
    if let failure { throw failure }
    return try result.get()
  }

  /// Closes the API's port; blocks, so it must not be called from a task.
  func close() { cluster.stop() }

  private func prepare() async throws(CommandFailure) {
    let types = settings.definitions.isEmpty ? OpenTypes.games : settings.definitions
    let namespaces = [DemoSet.namespace, ReplicaSettings.usualNamespace].map { name -> JSONValue in
      ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
    }
    do {
      try await cluster.install(OpenTypes.kruise + types + namespaces)
    } catch {
      throw CommandFailure("the simulated cluster cannot be prepared: \(error)")
    }
  }

  /// Waits until the API server asks the manager; a set that came earlier would be stored as it is.
  private func waitForRegistration() async throws {
    let wanted: [(Resource, String)] = [
      (.mutatingWebhookConfigurations, WebhookEntries.mutatingName),
      (.validatingWebhookConfigurations, WebhookEntries.validatingName),
    ]
    let deadline = ContinuousClock.now + DemoPlayer.patience
    for (resource, name) in wanted {
      while true {
        let object = try? await client.get(resource, NamespacedName("", name))
        if object?.json["webhooks"]?[0]?["clientConfig"]?["caBundle"]?.string?.isEmpty == false { break }
        guard ContinuousClock.now < deadline else { throw CommandFailure("the manager did not register its webhooks") }
        try await Task.sleep(for: DemoPlayer.interval)
      }
    }
  }

  /// The moment it is in the cluster.
  var now: Timestamp { cluster.server.clock.now() }

  /// How long something takes outside that takes so long in the cluster.
  func outside(_ duration: Duration) -> Duration { duration / settings.speed }

  /// What a set looks like now.
  func look(_ set: String) -> DemoView {
    feed.pump()
    return DemoView(store, NamespacedName(DemoSet.namespace, set))
  }

  /// How many reviews the manager has answered over TLS.
  var reviews: Int {
    let text = String(decoding: registry.prometheusText(), as: UTF8.self)
    let samples = text.split(separator: "\n").filter { $0.hasPrefix("gatehouse_admission_reviews_total{") }
    let counts = samples.compactMap { $0.split(separator: " ").last }.compactMap { Double($0) }
    return Int(counts.reduce(0, +))
  }
}
