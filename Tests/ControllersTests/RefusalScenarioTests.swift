import JSON
import Kubernetes
import SimulatedCluster
import Testing

@testable import Controllers

@Suite("What others refuse, changed or left behind, in a simulated cluster")
struct RefusalScenarioTests {
  @Test("a write that somebody refuses is told on the set, and made once they do not any more")
  func refusal() async throws {
    let quota = KubernetesError(.forbidden, message: "exceeded quota")
    let harness = try await Harness(judge: { $0 < 3 ? .fail(quota) : .pass })
    try await harness.apply(ScenarioTests.demo(replicas: 2))
    try await harness.run()
    #expect(harness.ordinals() == [0, 1])
    #expect(harness.events.reasons("demo").contains("WriteRefused"))
    #expect(harness.events.messages("WriteRefused").allSatisfy { $0.contains("exceeded quota") })
  }

  @Test(
    "a template of any type stops nobody but its own set",
    arguments: ["text", 7, true, [], ["spec": "text"], ["spec": 7], ["spec": [1]], ["metadata": "text"]] as [JSONValue])
  func oddTemplates(_ template: JSONValue) async throws {
    let harness = try await Harness()
    var odd = ScenarioTests.demo(replicas: 1)
    odd["metadata"] = ["name": "odd"]
    odd["spec"]?["gameServerTemplate"] = template
    // A cluster without our admission and our types takes anything.
    try? await harness.apply(odd)
    try await harness.apply(ScenarioTests.demo(replicas: 1))
    try await harness.run()
    #expect(harness.ordinals() == [0])
  }

  @Test("a stored list that names an id twice reserves it")
  func repeatedIDs() async throws {
    let harness = try await Harness()
    try await harness.apply(ScenarioTests.demo(replicas: 2, ["reserveGameServerIds": [1, 1]]))
    try await harness.run()
    #expect(harness.ordinals() == [0, 2])
  }

  @Test("servers that go and come because of reserved ids are a scale, too")
  func reservedIDsAreTold() async throws {
    let harness = try await Harness()
    try await harness.apply(ScenarioTests.demo(replicas: 2))
    try await harness.run()
    try await harness.patchSet("demo", ["spec": ["reserveGameServerIds": [1]]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 2])
    #expect(harness.events.messages("Scale") == ["scale from 2 to 2"])
  }

  @Test("a probe marker that somebody changed is put right")
  func changedMarker() async throws {
    let harness = try await Harness()
    let quality: JSONValue = ["name": "idle", "containerName": "game", "exec": ["command": ["probe"]]]
    try await harness.apply(ScenarioTests.demo(replicas: 1, ["serviceQualities": [quality]]))
    try await harness.run()
    let key = NamespacedName("default", "demo")
    try await harness.client.patch(.podProbeMarkers, key, .merge(["spec": ["probes": []]]))
    try await harness.run()
    #expect(harness.store.object(.podProbeMarkers, key)?.json["spec"]?["probes"]?.count == 1)
  }

  @Test(
    "a priority that could be no label is told and left out",
    arguments: ["-3", "99999999999", "2147483648"])
  func priorities(_ result: String) async throws {
    let harness = try await Harness()
    let quality: JSONValue = [
      "name": "prio", "containerName": "game", "exec": ["command": ["probe"]],
      "serviceQualityAction": [["state": true, "deletionPriority": "{{.Result}}"]],
    ]
    try await harness.apply(ScenarioTests.demo(replicas: 1, ["serviceQualities": [quality]]))
    try await harness.run()
    harness.probes.script(NamespacedName("default", "demo-0"), probe: "prio", isSuccess: true, message: result)
    try await harness.run()
    #expect(harness.server("demo-0")?.deletionPriority == "0")
    #expect(harness.events.reasons("demo-0").contains("InvalidDeletionPriority"))
    #expect(harness.server("demo-0")?.status?["serviceQualitiesConditions"]?.count == 1)
  }

  @Test("the first operational state has its date, too")
  func firstOpsState() async throws {
    let harness = try await Harness()
    try await harness.apply(ScenarioTests.demo(replicas: 1))
    try await harness.run()
    #expect(harness.pod("demo-0")?.metadata.annotations[GameAnnotations.opsStateChanged]?.isEmpty == false)
  }
}
