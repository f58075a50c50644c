import Controllers
import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Synchronization

/// A simulated cluster with clouds, and a manager of networks that can be replaced by another one at any moment.
final class NetworkHarness: Sendable {
  let clock = ManualClusterClock()
  let server: SimulatedAPIServer
  let client: InProcessClient
  /// What the simulators and the test see.
  let store = ObjectStore()
  let loadBalancers: LoadBalancerSimulator
  let events = EventLog()
  let configuration: ProviderConfiguration
  private let world: [any SimulatedController]
  private let feed: StoreFeed
  private let current: Mutex<NetworkManager>

  var manager: NetworkManager { current.withLock { $0 } }

  init(
    _ configuration: ProviderConfiguration = .shippedWithAll, nodes: Int = 3,
    clouds: (InProcessClient, ObjectStore) -> [any SimulatedController] = { _, _ in [] }
  ) async throws {
    self.configuration = configuration
    server = SimulatedAPIServer(clock: clock)
    client = InProcessClient(server)
    let registry = PluginRegistry(
      configuration, hostPorts: HostPortAllocator(range: configuration.kubernetes.hostPort))
    for type in OpenTypes.kruise + OpenTypes.games + registry.cloudResources.map(Self.open) {
      try await client.create(.customResourceDefinitions, namespace: "", type)
    }
    feed = StoreFeed(server, into: store, NetworkManager.resources + registry.cloudResources)
    loadBalancers = LoadBalancerSimulator(client: client, cluster: store)
    world =
      [
        WorkloadSimulator(client: client, cluster: store), NodeSimulator(client: client, cluster: store), loadBalancers,
        CollectorRunner(GarbageCollector(server)),
      ] + clouds(client, store)
    current = Mutex(NetworkManager(server, clock, events, configuration))
    server.setAdmission(NetworkAdmission(plugins: manager.plugins, cluster: store))
    try await NodeSimulator.addNodes(nodes, to: client)
  }

  private static func open(_ resource: Resource) -> JSONValue {
    OpenTypes.definition(resource, scale: nil, shortNames: [])
  }

  func run(_ duration: Duration = .seconds(30)) async throws {
    let manager = manager
    try await SimulationDriver(
      clock: clock, feeds: [feed, manager.feed], controllers: manager.controllers + world
    ).run(for: duration)
  }

  /// Lets another process take the manager's place: it knows nothing but what the cluster shows.
  func replaceManager() {
    let next = NetworkManager(server, clock, events, configuration)
    current.withLock { $0 = next }
  }

  /// Creates a set with a network.
  func deploy(
    _ type: String, _ parameters: KeyValuePairs<String, String>, name: String = "game", replicas: Int = 2,
    containers: JSONValue? = nil
  ) async throws {
    try await deploy(
      type, parameters: parameters.map { ($0.key, $0.value) }, name: name, replicas: replicas, containers: containers)
  }

  func deploy(
    _ type: String, parameters: [(String, String)], name: String = "game", replicas: Int = 2,
    containers: JSONValue? = nil
  ) async throws {
    let conf = parameters.map { JSONValue.object(["name": .string($0.0), "value": .string($0.1)]) }
    var set = ScenarioTests.demo(replicas: replicas)
    set["metadata"]?["name"] = .string(name)
    if let containers { set["spec"]?["gameServerTemplate"]?["spec"]?["containers"] = containers }
    set["spec"]?["network"] = ["networkType": .string(type), "networkConf": .array(conf)]
    try await client.create(.gameServerSets, namespace: "default", set)
  }

  func configure(_ parameters: KeyValuePairs<String, String>, name: String = "game") async throws {
    let conf = parameters.map { JSONValue.object(["name": .string($0.key), "value": .string($0.value)]) }
    try await patchSet(["spec": ["network": ["networkConf": .array(conf)]]], name: name)
  }

  func patchSet(_ patch: JSONValue, name: String = "game") async throws {
    try await client.patch(.gameServerSets, NamespacedName("default", name), .merge(patch))
  }

  func patch(_ resource: Resource, _ name: String, _ patch: JSONValue, status: Bool = false) async throws {
    try await client.patch(
      resource, NamespacedName("default", name), subresource: status ? "status" : nil, .merge(patch))
  }

  func setDisabled(_ server: String, _ isDisabled: Bool) async throws {
    try await patch(.gameServers, server, ["spec": ["networkDisabled": .bool(isDisabled)]])
  }

  func object(_ resource: Resource, _ name: String) -> KubernetesObject? {
    store.object(resource, NamespacedName("default", name))
  }

  func pod(_ name: String) -> Pod? { object(.pods, name)?.as(Pod.self) }
  func service(_ name: String) -> Service? { object(.services, name)?.as(Service.self) }

  func status(_ pod: String) -> NetworkStatus? {
    try? NetworkStatus.parse(annotation: self.pod(pod)?.metadata.annotations[GameAnnotations.networkStatus])
  }

  func state(_ pod: String) -> NetworkState? { status(pod)?.currentState }

  /// The ports of a Service outside.
  func ports(_ service: String) -> [Int] { self.service(service)?.ports.compactMap { $0["port"]?.int } ?? [] }
}

/// One process of the product, as far as networks go.
struct NetworkManager: Sendable {
  static let resources: [Resource] = [
    .gameServerSets, .gameServers, .advancedStatefulSets, .podProbeMarkers, .pods, .nodes, .controllerRevisions,
    .persistentVolumeClaims, .persistentVolumes, .services, .ingresses,
  ]

  let store = ObjectStore()
  let feed: StoreFeed
  let plugins: PluginRegistry
  let ports: LoadBalancerPorts
  let writer: CountingWriter
  let controllers: [any SimulatedController]

  init(
    _ server: SimulatedAPIServer, _ clock: ManualClusterClock, _ events: EventLog,
    _ configuration: ProviderConfiguration
  ) {
    let hostPorts = HostPortAllocator(range: configuration.kubernetes.hostPort)
    plugins = PluginRegistry(configuration, hostPorts: hostPorts)
    ports = LoadBalancerPorts(plugins.portSpaces)
    writer = CountingWriter(BoundWriter(InProcessClient(server, fieldManager: "gatehouse")))
    let watched = KeyMapping.networkResources + plugins.cloudResources
    feed = StoreFeed(server, into: store, Self.resources + plugins.cloudResources)
    ports.observe(store)
    let now: @Sendable () -> Timestamp = { clock.now() }
    let pods = ReconcilerRunner(
      NetworkReconciler(
        cluster: store, writer: writer, events: events, plugins: plugins, ports: ports, now: now), store, watched,
      KeyMapping.networkPods)
    let (store, writer, plugins) = (store, writer, plugins)
    controllers = [
      ReconcilerRunner(
        GameServerSetReconciler(
          cluster: store, writer: writer, events: events, features: WorkloadFeatures(acceptsOrdinalRanges: true),
          now: now), store, [.gameServerSets, .pods, .advancedStatefulSets, .podProbeMarkers],
        KeyMapping.gameServerSets),
      ReconcilerRunner(
        GameServerReconciler(cluster: store, writer: writer, events: events, now: now), store, [.gameServers, .pods],
        KeyMapping.gameServers),
      pods,
      ReconcilerRunner(
        SetNetworkReconciler(cluster: store, writer: writer, events: events, plugins: plugins, now: now), store,
        watched,
        KeyMapping.networkSets),
      ReconcilerRunner(
        Detour { group in for pod in KeyMapping.networkPods(of: group, in: store) { pods.mark(pod) } }, store, watched,
        KeyMapping.networkGroups),
    ]
  }
}

/// Brings up keys of another controller.
private struct Detour: Reconciler {
  let name = "detour"
  let expand: @Sendable (NamespacedName) -> Void
  func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    expand(key)
    return .done
  }
}

/// The step of admission that gives a new pod its network.
struct NetworkAdmission: AdmissionChain {
  let plugins: PluginRegistry
  let cluster: ObjectStore

  func mutate(_ attempt: AdmissionAttempt) async throws(KubernetesError) -> JSONValue? {
    guard attempt.operation == "CREATE", attempt.resource == .pods, attempt.subresource.isEmpty,
      let object = attempt.object
    else { return nil }
    var editor = PodEditor(KubernetesObject(object).as(Pod.self))
    guard editor.annotation(GameAnnotations.networkType) != nil else { return nil }
    do throws(PluginError) {
      _ = try plugins.admit(&editor, podKey: attempt.key, isDryRun: attempt.isDryRun, cluster: cluster)
    } catch {
      throw KubernetesError(.forbidden, status: 403, message: error.message)
    }
    if editor.annotation(GameAnnotations.networkStatus) == nil {
      editor.setAnnotation(GameAnnotations.networkStatus, NetworkStatus.notReady.text)
    }
    return editor.result
  }

  func validate(_ attempt: AdmissionAttempt) async throws(KubernetesError) {}
}

extension ProviderConfiguration {
  /// What is shipped, with every provider enabled.
  static let shippedWithAll: ProviderConfiguration = {
    var configuration = ProviderConfiguration.shipped
    configuration.aws.enable = true
    configuration.jdCloud.enable = true
    return configuration
  }()
}

extension NetworkHarness {
  /// Removes a pod at once, as when its node is lost and somebody forces it.
  func kill(_ pod: String) async throws {
    try await client.delete(.pods, NamespacedName("default", pod), DeleteOptions(gracePeriodSeconds: 0))
  }
}
