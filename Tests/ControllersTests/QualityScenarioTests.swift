import JSON
import Kubernetes
import SimulatedCluster
import Testing

@testable import Controllers

@Suite("Service quality in a simulated cluster")
struct QualityScenarioTests {
  private func started(_ replicas: Int, qualities: JSONValue) async throws -> Harness {
    let harness = try await Harness()
    try await harness.apply(ScenarioTests.demo(replicas: replicas, ["serviceQualities": qualities]))
    try await harness.run()
    return harness
  }

  private func quality(_ name: String, permanent: Bool = false, _ actions: JSONValue) -> JSONValue {
    [
      "name": .string(name), "containerName": "game", "permanent": .bool(permanent),
      "exec": ["command": ["probe"]], "serviceQualityAction": actions,
    ]
  }

  private func key(_ name: String) -> NamespacedName { NamespacedName("default", name) }

  @Test("row 33: idle servers wait to be deleted, and a joining player spares one")
  func idle() async throws {
    let harness = try await started(
      3,
      qualities: [
        quality("idle", [["state": true, "opsState": "WaitToBeDeleted"], ["state": false, "opsState": "None"]])
      ])
    for name in ["demo-0", "demo-1", "demo-2"] {
      harness.probes.script(key(name), probe: "idle", isSuccess: true, message: "")
    }
    try await harness.run()
    #expect(harness.set()?.status?["waitToBeDeletedReplicas"]?.int == 3)
    harness.probes.script(key("demo-1"), probe: "idle", isSuccess: false, message: "")
    try await harness.run()
    #expect(harness.server("demo-1")?.opsState == "None")
    try await harness.patchSet("demo", ["spec": ["replicas": 1]])
    try await harness.run()
    #expect(harness.ordinals() == [1])
  }

  @Test("row 36: a permanent action happens once")
  func permanent() async throws {
    let harness = try await started(
      1, qualities: [quality("once", permanent: true, [["state": true, "updatePriority": 20]])])
    harness.probes.script(key("demo-0"), probe: "once", isSuccess: true, message: "")
    try await harness.run()
    #expect(harness.server("demo-0")?.updatePriority == "20")
    #expect(harness.pod("demo-0")?.metadata.labels[GameLabels.updatePriority] == "20")
    try await harness.patchServer("demo-0", ["updatePriority": 5])
    for state in [false, true, false, true] {
      harness.probes.script(key("demo-0"), probe: "once", isSuccess: state, message: "")
      try await harness.run()
    }
    #expect(harness.server("demo-0")?.updatePriority == "5")
  }

  @Test("row 37: templates render the probe's result into states, labels and priorities")
  func templates() async throws {
    let harness = try await started(
      1,
      qualities: [
        quality(
          "players",
          [
            [
              "state": true, "opsState": #"{{if eq .Result "0"}}WaitToBeDeleted{{else}}Allocated{{end}}"#,
              "labels": ["players": "{{.Result}}"], "deletionPriority": "{{.Result}}",
            ]
          ])
      ])
    harness.probes.script(key("demo-0"), probe: "players", isSuccess: true, message: "0")
    try await harness.run()
    #expect(harness.server("demo-0")?.opsState == "WaitToBeDeleted")
    harness.probes.script(key("demo-0"), probe: "players", isSuccess: true, message: "5\n")
    try await harness.run()
    #expect(harness.server("demo-0")?.opsState == "Allocated")
    #expect(harness.server("demo-0")?.metadata.labels["players"] == "5")
    #expect(harness.server("demo-0")?.deletionPriority == "5")
    let condition = harness.server("demo-0")?.status?["serviceQualitiesConditions"]?[0]
    #expect(condition?["result"]?.string == "5")
    harness.probes.script(key("demo-0"), probe: "players", isSuccess: true, message: "many")
    try await harness.run()
    #expect(harness.server("demo-0")?.deletionPriority == "5")
    #expect(
      harness.events.messages("InvalidDeletionPriority") == [
        "Failed to parse DeletionPriority template '{{.Result}}' with result 'many': priority value must be numeric, "
          + "got: many (template: {{.Result}}, probe result: many)"
      ])
  }

  @Test("row 39: edited qualities change the marker, removed ones take it away, and no pod restarts")
  func edits() async throws {
    let harness = try await started(1, qualities: [quality("a", [])])
    let uid = harness.pod("demo-0")?.metadata.uid
    #expect(harness.store.object(.podProbeMarkers, key("demo"))?.json["spec"]?["probes"]?.count == 1)
    try await harness.patchSet("demo", ["spec": ["serviceQualities": [quality("a", []), quality("b", [])]]])
    try await harness.run()
    #expect(harness.store.object(.podProbeMarkers, key("demo"))?.json["spec"]?["probes"]?.count == 2)
    try await harness.patchSet("demo", ["spec": ["serviceQualities": nil]])
    try await harness.run()
    #expect(harness.store.object(.podProbeMarkers, key("demo")) == nil)
    #expect(harness.pod("demo-0")?.metadata.uid == uid)
    #expect(harness.pod("demo-0")?.containerStatuses[0].restartCount == 0)
  }

  @Test("rows 57 and 58: labels go to the pod with their prefix, and template labels reach servers")
  func labels() async throws {
    let harness = try await started(2, qualities: nil)
    try await harness.client.patch(
      .gameServers, key("demo-1"), .merge(["metadata": ["labels": ["gs-sync/zone": "7"]]]))
    try await harness.run()
    #expect(harness.pod("demo-1")?.metadata.labels["gs-sync/zone"] == "7")
    #expect(harness.pod("demo-0")?.metadata.labels["gs-sync/zone"] == nil)
    try await harness.client.patch(
      .gameServers, key("demo-1"), .merge(["metadata": ["labels": ["gs-sync/zone": nil]]]))
    try await harness.patchSet("demo", ["spec": ["gameServerTemplate": ["metadata": ["labels": ["tier": "gold"]]]]])
    try await harness.run()
    #expect(harness.pod("demo-1")?.metadata.labels["gs-sync/zone"] == nil)
    #expect(harness.server("demo-0")?.metadata.labels["tier"] == "gold")
  }

  @Test("row 28: an image override changes one server at once, and only once")
  func override() async throws {
    let harness = try await started(2, qualities: nil)
    try await harness.patchServer("demo-1", ["containers": [["name": "game", "image": "game:grey"]]])
    try await harness.run()
    #expect(harness.pod("demo-1")?.containers[0].image == "game:grey")
    #expect(harness.pod("demo-0")?.containers[0].image == "game:1")
    #expect(harness.pod("demo-1")?.containerStatuses[0].restartCount == 1)
  }
}
