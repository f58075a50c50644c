import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Testing

@testable import Controllers

@Suite("Networks that fail for some time")
struct NetworkFailureTests {
  static let key = NamespacedName("default", "game-0")

  /// A reconciler of networks over a store with one pod.
  private struct Bench {
    let clock = ManualClusterClock()
    let events = EventLog()
    let reconciler: NetworkReconciler

    init(_ type: String, _ conf: JSONValue, failure: KubernetesError) {
      let store = ObjectStore()
      store.replace(.services, with: [])
      store.set(
        .pods,
        KubernetesObject([
          "metadata": [
            "namespace": "default", "name": "game-0", "uid": "u",
            "annotations": [
              GameAnnotations.networkType: .string(type), GameAnnotations.networkConf: .string(conf.text),
            ],
          ]
        ]))
      let configuration = ProviderConfiguration.shippedWithAll
      let plugins = PluginRegistry(
        configuration, hostPorts: HostPortAllocator(range: configuration.kubernetes.hostPort))
      reconciler = NetworkReconciler(
        cluster: store,
        writer: InterceptedWriter(InProcessClient(SimulatedAPIServer(clock: clock))) { _ in .fail(failure) },
        events: events, plugins: plugins, ports: LoadBalancerPorts(plugins.portSpaces),
        now: { [clock] in clock.now() })
    }

    func reconcile(after seconds: Int) async -> ReconcileOutcome {
      clock.advance(to: clock.now() + .seconds(seconds))
      return await reconciler.reconcile(NetworkFailureTests.key)
    }
  }

  static let conf: JSONValue = [["name": "SlbIds", "value": "lb-1"], ["name": "PortProtocols", "value": "80"]]

  @Test(
    "tell the user at once of what is refused, and of what may pass once it has lasted",
    arguments: [
      (KubernetesError(.serviceUnavailable, status: 503, message: "busy"), false),
      (KubernetesError(.notFound, status: 404, message: "no such type"), false),
      (KubernetesError(.invalid, status: 422, message: "no"), true),
    ])
  func writes(_ error: KubernetesError, isToldAtOnce: Bool) async {
    let bench = Bench("AlibabaCloud-SLB", Self.conf, failure: error)
    #expect(await bench.reconcile(after: 0) == .retry(error.description))
    #expect(bench.events.reasons("game-0").isEmpty != isToldAtOnce)
    _ = await bench.reconcile(after: 59)
    #expect(bench.events.reasons("game-0").isEmpty != isToldAtOnce)
    _ = await bench.reconcile(after: 1)
    #expect(bench.events.reasons("game-0").last == "apiCallError")
  }

  @Test("name the types that a cluster does not have")
  func types() async {
    let bench = Bench(
      "AlibabaCloud-NATGW", [["name": "Ports", "value": "80"]],
      failure: KubernetesError(.serviceUnavailable, status: 503, message: "busy"))
    #expect(await bench.reconcile(after: 0) == .after(.seconds(5)))
    #expect(bench.events.reasons("game-0").isEmpty)
    #expect(await bench.reconcile(after: 60) == .after(.seconds(60)))
    #expect(bench.events.messages("NetworkTypesMissing").first?.contains("poddnats.alibabacloud.com") == true)
  }
}
