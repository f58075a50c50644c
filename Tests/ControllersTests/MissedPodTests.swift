import Controllers
import GameAdmission
import HotReload
import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Telemetry
import Testing

@Suite("Pods that admission never saw")
struct MissedPodTests {
  private let registry = MetricRegistry()
  private let events = EventLog()

  /// A cluster in which nothing but the controller of missed pods acts on pods that somebody made by hand.
  private func cluster(_ network: JSONValue?) async throws -> (InProcessClient, ObjectStore, StoreFeed) {
    let server = SimulatedAPIServer(clock: ManualClusterClock())
    let client = InProcessClient(server)
    for resource in OpenTypes.kruise + OpenTypes.games {
      try await client.create(.customResourceDefinitions, namespace: "", resource)
    }
    let store = ObjectStore()
    let feed = StoreFeed(server, into: store, [.gameServerSets, .gameServers, .pods])
    var spec: JSONValue = [
      "replicas": 1, "gameServerTemplate": ["spec": ["containers": [["name": "game", "image": "game:1"]]]],
    ]
    spec["network"] = network
    try await client.create(
      .gameServerSets, namespace: "default",
      [
        "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet", "metadata": ["name": "demo"], "spec": spec,
      ])
    feed.pump()
    return (client, store, feed)
  }

  private func pod(labels: JSONValue = [:]) -> JSONValue {
    var all: JSONValue = [GameLabels.ownerSet: "demo"]
    for member in labels.object?.members ?? [] { all[member.name] = member.value }
    return [
      "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "demo-0", "labels": all],
      "spec": ["containers": [["name": "game", "image": "game:1"]]],
    ]
  }

  private func reconciler(_ client: InProcessClient, _ store: ObjectStore) -> (MissedPodReconciler, GameAdmission) {
    let hostPorts = HostPortAllocator(range: ProviderConfiguration.shipped.kubernetes.hostPort)
    hostPorts.observe(store)
    let admission = GameAdmission(
      cluster: store, plugins: PluginRegistry(.shipped, hostPorts: hostPorts),
      hotReload: HotReloadDefaults(agentImage: "agent:1", serverSupportsNativeSidecars: true))
    let reconciler = MissedPodReconciler(
      cluster: store, writer: client, events: events, registry: registry,
      admission: { admission.additions(to: $0) })
    return (reconciler, admission)
  }

  private func count(_ result: String) -> UInt64 {
    registry.counter("gatehouse_missed_pods_total", help: "", labels: ["result": .init(stringLiteral: result)]).value
  }

  private let key = NamespacedName("default", "demo-0")

  @Test("a pod without labels is reported once, and what it lacks is named")
  func labels() async throws {
    let (client, store, feed) = try await cluster(nil)
    try await client.create(.pods, namespace: "default", pod())
    feed.pump()
    let (reconciler, _) = reconciler(client, store)
    #expect(await reconciler.reconcile(key) == .done)
    #expect(await reconciler.reconcile(key) == .done)
    let messages = events.messages("MissedAdmission")
    #expect(messages.count == 1)
    #expect(messages[0].contains(GameLabels.opsState))
    #expect(count("mended") == 1)
    #expect(count("needs_new_pod") == 0)
  }

  @Test("annotations of a network that needs nothing else are written")
  func annotations() async throws {
    let (client, store, feed) = try await cluster([
      "networkType": "Kubernetes-NodePort", "networkConf": [["name": "PortProtocols", "value": "80/TCP"]],
    ])
    try await client.create(.pods, namespace: "default", pod())
    feed.pump()
    let (reconciler, admission) = reconciler(client, store)
    #expect(await reconciler.reconcile(key) == .done)
    feed.pump()
    let mended = try #require(store.pod(key))
    #expect(mended.metadata.annotations[GameAnnotations.networkType] == "Kubernetes-NodePort")
    #expect(mended.metadata.annotations[GameAnnotations.networkStatus] != nil)
    #expect(count("mended") == 1)
    let rest = try #require(admission.additions(to: mended))
    #expect(rest.operations.allSatisfy { $0.path.description.hasPrefix("/metadata/labels") })
  }

  @Test("a pod that lacks host ports is left alone, and the event says what to do")
  func hostPorts() async throws {
    let (client, store, feed) = try await cluster([
      "networkType": "Kubernetes-HostPort", "networkConf": [["name": "ContainerPorts", "value": "game:80/TCP"]],
    ])
    try await client.create(.pods, namespace: "default", pod())
    feed.pump()
    let version = store.pod(key)?.metadata.resourceVersion
    let (reconciler, _) = reconciler(client, store)
    #expect(await reconciler.reconcile(key) == .done)
    feed.pump()
    #expect(store.pod(key)?.metadata.resourceVersion == version)
    #expect(
      events.messages("MissedAdmission") == [
        "the pod was created without admission and lacks 1 host ports of container game; delete it to have it made anew"
      ])
    #expect(count("needs_new_pod") == 1)
  }

  @Test("a pod that went through admission is left alone, whatever changed since")
  func admitted() async throws {
    let (client, store, feed) = try await cluster([
      "networkType": "Kubernetes-HostPort", "networkConf": [["name": "ContainerPorts", "value": "game:80/TCP"]],
    ])
    let (reconciler, admission) = reconciler(client, store)
    var raw = pod()
    var metadata = raw["metadata"] ?? .null
    metadata["namespace"] = "default"
    raw["metadata"] = metadata
    let patch = try #require(admission.additions(to: Pod(KubernetesObject(raw).json)))
    var admitted = try patch.apply(to: raw)
    var spec = admitted["spec"] ?? .null
    var containers = spec["containers"]?.array ?? []
    containers[0]["image"] = "game:2"
    spec["containers"] = .array(containers)
    admitted["spec"] = spec
    try await client.create(.pods, namespace: "default", admitted)
    feed.pump()
    #expect(await reconciler.reconcile(key) == .done)
    #expect(events.messages("MissedAdmission").isEmpty)
    #expect(count("mended") + count("needs_new_pod") == 0)
  }
}
