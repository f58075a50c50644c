import Controllers
import JSON
import Kubernetes
import Telemetry
import Testing

/// How long servers took to start, as dashboards read it.
@Suite struct StartMetricsTests {
  private let store = ObjectStore()
  private let registry = MetricRegistry()
  private let clock = ManualTime()

  init() {
    _ = StartMetrics(store, registry, now: { [clock] in clock.now })
  }

  /// A moment that the test moves.
  private final class ManualTime: Sendable {
    private let seconds = Gauge()
    var now: Timestamp { Timestamp(seconds: 1_800_000_000 + Int(seconds.value)) }
    func move(to second: Double) { seconds.set(second) }
  }

  private func set(_ state: String, network: String = "NotReady", uid: String = "u") {
    store.set(
      .gameServers,
      KubernetesObject([
        "metadata": [
          "name": "arena-0", "namespace": "games", "uid": .string(uid),
          "creationTimestamp": .string(Timestamp(seconds: 1_800_000_000).description),
          "labels": [GameLabels.ownerSet: "arena"],
        ],
        "status": ["currentState": .string(state), "networkStatus": ["currentNetworkState": .string(network)]],
      ]))
  }

  private func value(_ name: String) -> String? {
    let text = String(decoding: registry.prometheusText(), as: UTF8.self)
    return text.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: " ").last.map(String.init)
  }

  @Test("counts from the creation to the first time that a server is ready, and never again")
  func first() {
    set("Creating")
    clock.move(to: 7)
    set("Ready")
    #expect(value("okg_gameserver_ready_duration_seconds{") == "7")
    #expect(value("okg_gameserver_network_ready_duration_seconds{") == nil)
    clock.move(to: 9)
    set("Ready", network: "Ready")
    #expect(value("okg_gameserver_network_ready_duration_seconds{") == "9")
    set("NotReady", network: "NotReady")
    clock.move(to: 60)
    set("Ready", network: "Ready")
    #expect(value("okg_gameserver_ready_duration_seconds{") == "7")
    #expect(value("okg_gameserver_network_ready_duration_seconds{") == "9")
    #expect(value("okg_gameservers_total") == "1")
  }

  @Test("forgets a server that is gone, and does not take its successor for it")
  func gone() {
    set("Creating")
    set("Ready")
    set("Creating", uid: "another")
    #expect(value("okg_gameserver_ready_duration_seconds{") == nil)
    #expect(value("okg_gameservers_total") == "2")
    set("Ready", uid: "another")
    #expect(value("okg_gameserver_ready_duration_seconds{") != nil)
    store.remove(.gameServers, NamespacedName("games", "arena-0"))
    #expect(value("okg_gameserver_ready_duration_seconds{") == nil)
  }

  @Test("knows no time of a server that was ready before")
  func before() {
    set("Ready")
    clock.move(to: 30)
    set("Ready")
    #expect(value("okg_gameserver_ready_duration_seconds{") == nil)
  }
}
