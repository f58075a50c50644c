import JSON
import Kubernetes
import SimulatedCluster
import Testing

@testable import Controllers

@Suite("Scaling in a simulated cluster")
struct ScalingScenarioTests {
  private let keepsServers: JSONValue = ["gameServerTemplate": ["reclaimPolicy": "Delete"]]

  private func started(_ replicas: Int, _ spec: JSONValue = [:]) async throws -> Harness {
    let harness = try await Harness()
    try await harness.apply(ScenarioTests.demo(replicas: replicas, spec))
    try await harness.run()
    return harness
  }

  @Test("row 2: a game server deleted by hand comes back; a deleted set takes everything along")
  func deletion() async throws {
    let harness = try await started(3)
    let uid = harness.pod("demo-1")?.metadata.uid
    try await harness.client.delete(.gameServers, NamespacedName("default", "demo-1"))
    try await harness.run()
    #expect(harness.server("demo-1")?.opsState == "None")
    #expect(harness.pod("demo-1")?.metadata.uid == uid)
    try await harness.client.delete(.gameServerSets, NamespacedName("default", "demo"))
    try await harness.run()
    #expect(harness.ordinals() == [])
    #expect(harness.store.count(.gameServers) == 0)
    #expect(harness.store.count(.advancedStatefulSets) == 0)
  }

  @Test("row 9: an explicit reserve id takes one server offline")
  func offline() async throws {
    let harness = try await started(3)
    try await harness.patchSet("demo", ["spec": ["replicas": 2, "reserveGameServerIds": [1]]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 2])
  }

  @Test("rows 10 to 12: reserved ranges move servers, and let go ids wait for the next scale-out")
  func ranges() async throws {
    let harness = try await started(5, keepsServers)
    try await harness.patchSet("demo", ["spec": ["reserveGameServerIds": ["3-4"]]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2, 5, 6])
    try await harness.patchSet("demo", ["spec": ["replicas": 3, "reserveGameServerIds": ["3-6"]]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2])
    #expect(harness.store.count(.gameServers) == 3)
    try await harness.patchSet("demo", ["spec": ["reserveGameServerIds": []]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2])
    try await harness.patchSet("demo", ["spec": ["replicas": 4]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2, 3])
  }

  @Test("rows 13 and 14: ReserveIds writes back what scale-in removed")
  func reserveIDs() async throws {
    let harness = try await started(5, ["scaleStrategy": ["scaleDownStrategyType": "ReserveIds"]])
    try await harness.patchSet("demo", ["spec": ["replicas": 3]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2])
    #expect(harness.set()?.reserveGameServerIDs == [.int(3), .int(4)])
    #expect(harness.set()?.metadata.annotations[GameAnnotations.reserveIDs] == "3,4")
    try await harness.patchSet("demo", ["spec": ["replicas": 4, "reserveGameServerIds": [3]]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2, 4])
  }

  @Test("rows 16 and 17: the reclaim policy decides whether a server outlives its pod", arguments: [true, false])
  func reclaim(_ keeps: Bool) async throws {
    let harness = try await started(2, keeps ? keepsServers : [:])
    try await harness.patchServer("demo-1", ["deletionPriority": 100])
    try await harness.run()
    let uid = harness.pod("demo-1")?.metadata.uid
    try await harness.client.delete(.pods, NamespacedName("default", "demo-1"))
    try await harness.run()
    #expect(harness.pod("demo-1")?.metadata.uid != uid)
    #expect(harness.server("demo-1")?.deletionPriority == (keeps ? "100" : "0"))
    #expect(harness.pod("demo-1")?.metadata.labels[GameLabels.deletePriority] == (keeps ? "100" : "0"))
  }

  @Test("row 18: Maintaining raises a warning, is counted and is removed last")
  func maintaining() async throws {
    let harness = try await started(2)
    try await harness.patchServer("demo-1", ["opsState": "Maintaining"])
    try await harness.run()
    #expect(harness.events.messages("GsStateChanged").contains("OpsState turn from None to Maintaining "))
    #expect(harness.set()?.status?["maintainingReplicas"]?.int == 1)
    try await harness.patchSet("demo", ["spec": ["replicas": 1]])
    try await harness.run()
    #expect(harness.ordinals() == [1])
    #expect(harness.set()?.status?["maintainingReplicas"]?.int == 1)
  }

  @Test("rows 31 and 32: a preDelete hook holds a server back, and its ordinal is not used again")
  func preDelete() async throws {
    let harness = try await started(
      3,
      [
        "lifecycle": ["preDelete": ["labelsHandler": ["hold": "true"]]],
        "gameServerTemplate": ["metadata": ["labels": ["hold": "true"]]],
      ])
    try await harness.patchSet("demo", ["spec": ["replicas": 2]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2])
    #expect(harness.server("demo-2")?.status?["currentState"]?.string == "PreDelete")
    #expect(harness.set()?.status?["preDeleteReplicas"]?.int == 1)
    try await harness.patchSet("demo", ["spec": ["replicas": 3]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2, 3])
    try await harness.client.patch(
      .pods, NamespacedName("default", "demo-2"), .merge(["metadata": ["labels": ["hold": "false"]]]))
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 3])
    #expect(harness.set()?.status?["preDeleteReplicas"]?.int == 0)
  }

  @Test("rows 52 and 53: claims follow their retention policy")
  func claims() async throws {
    let harness = try await started(
      2,
      [
        "gameServerTemplate": [
          "volumeClaimTemplates": [["metadata": ["name": "world"], "spec": ["accessModes": ["ReadWriteOnce"]]]]
        ], "persistentVolumeClaimRetentionPolicy": ["whenScaled": "Delete", "whenDeleted": "Retain"],
      ])
    #expect(harness.store.count(.persistentVolumeClaims) == 2)
    try await harness.patchSet("demo", ["spec": ["replicas": 1]])
    try await harness.run()
    #expect(harness.store.object(.persistentVolumeClaims, NamespacedName("default", "world-demo-1")) == nil)
    try await harness.client.delete(.gameServerSets, NamespacedName("default", "demo"))
    try await harness.run()
    #expect(harness.store.object(.persistentVolumeClaims, NamespacedName("default", "world-demo-0")) != nil)
  }

  @Test("an old workload API that types ordinals as integers gets plain ids")
  func integers() async throws {
    let harness = try await Harness(acceptsRanges: false)
    try await harness.apply(ScenarioTests.demo(replicas: 2, ["reserveGameServerIds": ["1-4"]]))
    try await harness.run()
    #expect(harness.ordinals() == [0, 5])
    let workload = harness.store.object(.advancedStatefulSets, NamespacedName("default", "demo"))
    #expect(workload?.json["spec"]?["reserveOrdinals"]?.text == "[1,2,3,4]")
  }
}
