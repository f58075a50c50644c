import HotReload
import JSON
import Kubernetes
import SimulatedCluster
import Telemetry
import Testing

@testable import Controllers

@Suite("Hot reload in a simulated cluster")
struct HotReloadScenarioTests {
  private static let prefix = HotReloadAnnotation.prefix

  private func started(
    replicas: Int = 3, gate: String = "immediate", source: String = "image:assets:1", native: Bool = true
  ) async throws -> Harness {
    let harness = try await Harness()
    harness.server.setAdmission(SidecarAdmission(native: native))
    let annotations: JSONValue = [
      Self.prefix + "inject": "enabled", Self.prefix + "source": .string(source), Self.prefix + "mount": "/srv/assets",
      Self.prefix + "gate": .string(gate),
    ]
    try await harness.apply(
      ScenarioTests.demo(
        replicas: replicas, ["gameServerTemplate": ["metadata": ["annotations": annotations]]]))
    try await harness.run()
    return harness
  }

  private func source(_ text: String) -> JSONValue {
    ["spec": ["gameServerTemplate": ["metadata": ["annotations": [Self.prefix + "source": .string(text)]]]]]
  }

  private func partition(_ count: Int) -> JSONValue {
    ["spec": ["updateStrategy": ["rollingUpdate": ["partition": .int(count)]]]]
  }

  private func names(_ harness: Harness) -> [String] { harness.ordinals().map { "demo-\($0)" } }

  private func images(_ harness: Harness) -> [String?] {
    names(harness).map { harness.sidecar($0)?.image }
  }

  private func shown(_ harness: Harness, _ annotation: HotReloadAnnotation) -> [String?] {
    names(harness).map { harness.server($0)?.metadata.annotations[annotation.key] }
  }

  private func metrics(_ harness: Harness) -> [String] {
    let registry = MetricRegistry()
    HotReloadMetrics(harness.store).register(in: registry)
    let text = String(decoding: registry.prometheusText(), as: UTF8.self)
    return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("gatehouse_hot_reload_servers{") }
      .sorted()
  }

  @Test("a first set is current, without an event")
  func first() async throws {
    let harness = try await started()
    #expect(images(harness) == ["assets:1", "assets:1", "assets:1"])
    #expect(shown(harness, .revision) == ["assets:1", "assets:1", "assets:1"])
    #expect(shown(harness, .result) == ["current", "current", "current"])
    #expect(harness.events.messages("HotReloaded") == [])
  }

  @Test("a new image rolls out by partition and priority, and restarts the sidecar alone", arguments: [true, false])
  func staged(_ native: Bool) async throws {
    let harness = try await started(native: native)
    let uids = names(harness).map { harness.pod($0)?.metadata.uid }
    try await harness.patchServer("demo-1", ["updatePriority": 10])
    try await harness.run()
    try await harness.patchSet("demo", partition(2))
    try await harness.patchSet("demo", source("image:assets:2"))
    try await harness.run()
    #expect(images(harness) == ["assets:1", "assets:2", "assets:1"])
    #expect(shown(harness, .revision) == ["assets:1", "assets:2", "assets:1"])
    #expect(harness.events.messages("HotReload") == ["1 of 3 servers show assets:2"])
    try await harness.patchSet("demo", partition(0))
    try await harness.run()
    #expect(images(harness) == ["assets:2", "assets:2", "assets:2"])
    #expect(shown(harness, .revision) == ["assets:2", "assets:2", "assets:2"])
    #expect(shown(harness, .result) == ["current", "current", "current"])
    #expect(names(harness).map { harness.pod($0)?.metadata.uid } == uids)
    #expect(names(harness).map { harness.game($0)?.restartCount } == [0, 0, 0])
    #expect(names(harness).map { harness.sidecar($0)?.restarts } == [1, 1, 1])
    #expect(names(harness).map { harness.server($0)?.status?["currentState"]?.string } == ["Ready", "Ready", "Ready"])
    #expect(harness.events.messages("HotReload").last == "3 of 3 servers show assets:2")
  }

  @Test("an allocated server is left alone until it is free")
  func gate() async throws {
    let harness = try await started(gate: "on-empty")
    try await harness.patchServer("demo-1", ["opsState": "Allocated"])
    try await harness.run()
    try await harness.patchSet("demo", source("image:assets:2"))
    try await harness.run(.seconds(600))
    #expect(images(harness) == ["assets:2", "assets:1", "assets:2"])
    #expect(shown(harness, .result) == ["current", "held", "current"])
    #expect(shown(harness, .revision) == ["assets:2", "assets:1", "assets:2"])
    #expect(harness.sidecar("demo-1")?.restarts == 0)
    #expect(harness.events.reasons("demo-1").filter { $0 == "HotReloadHeld" } == ["HotReloadHeld"])
    #expect(
      metrics(harness) == [
        #"gatehouse_hot_reload_servers{gssName="demo",gssNs="default",result="current",revision="assets:2"} 2"#,
        #"gatehouse_hot_reload_servers{gssName="demo",gssNs="default",result="held",revision="assets:1"} 1"#,
      ])
    // Two more versions come while it is in use: it gets the newest alone.
    try await harness.patchSet("demo", source("image:assets:3"))
    try await harness.run()
    try await harness.patchSet("demo", source("image:assets:4"))
    try await harness.run()
    try await harness.patchServer("demo-1", ["opsState": "None"])
    try await harness.run()
    #expect(images(harness) == ["assets:4", "assets:4", "assets:4"])
    #expect(harness.sidecar("demo-1")?.restarts == 1)
    #expect(shown(harness, .result) == ["current", "current", "current"])
  }

  @Test("a gate that is immediate does not wait")
  func immediate() async throws {
    let harness = try await started()
    try await harness.patchServer("demo-1", ["opsState": "Allocated"])
    try await harness.run()
    try await harness.patchSet("demo", source("image:assets:2"))
    try await harness.run()
    #expect(images(harness) == ["assets:2", "assets:2", "assets:2"])
  }

  @Test("writes nothing when nothing changes, whether a server is current, held or outdated")
  func quiet() async throws {
    let harness = try await started(gate: "on-empty")
    try await harness.patchServer("demo-1", ["opsState": "Allocated"])
    try await harness.patchSet("demo", source("image:assets:2"))
    try await harness.run()
    let before = harness.writer.count
    try await harness.run(.seconds(3600))
    #expect(harness.writer.count == before)
    try await harness.patchSet("demo", source("configmap:assets"))
    try await harness.run()
    let outdated = harness.writer.count
    try await harness.run(.seconds(3600))
    #expect(harness.writer.count == outdated)
  }

  @Test("a source of another kind waits for a new pod")
  func otherKind() async throws {
    let harness = try await started(replicas: 1)
    try await harness.patchSet("demo", source("configmap:assets"))
    try await harness.run()
    #expect(images(harness) == ["assets:1"])
    #expect(shown(harness, .result) == ["outdated"])
    #expect(harness.events.reasons("demo-0").contains("HotReloadOutdated"))
  }

  @Test("pods that were admitted without the sidecar are told of, and left as they are")
  func missed() async throws {
    let harness = try await Harness()
    try await harness.apply(ScenarioTests.demo(replicas: 1))
    try await harness.run()
    try await harness.patchSet("demo", source("image:assets:1"))
    try await harness.patchSet(
      "demo",
      [
        "spec": [
          "gameServerTemplate": [
            "metadata": ["annotations": [Self.prefix + "inject": "enabled", Self.prefix + "mount": "/srv/assets"]]
          ]
        ]
      ])
    try await harness.run()
    #expect(shown(harness, .result) == ["missing"])
    #expect(harness.pod("demo-0")?.containers.count == 1)
    try await harness.patchSet(
      "demo", ["spec": ["gameServerTemplate": ["metadata": ["annotations": [Self.prefix + "inject": "disabled"]]]]])
    try await harness.run()
    #expect(shown(harness, .result) == [nil])
  }
}

extension Harness {
  /// The sidecar of a pod: its image, and how often it was restarted.
  func sidecar(_ name: String) -> (image: String, restarts: Int)? {
    guard let pod = pod(name),
      let container = (pod.initContainers + pod.containers).first(where: { $0.name == "hot-reload" })
    else { return nil }
    let status = (pod.initContainerStatuses + pod.containerStatuses).first { $0.name == "hot-reload" }
    return (container.image, status?.restartCount ?? -1)
  }

  /// The status of the game's container.
  func game(_ name: String) -> ContainerStatus? { pod(name)?.containerStatuses.first { $0.name == "game" } }
}
