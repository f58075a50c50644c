import JSON
import Kubernetes
import Testing

@testable import SimulatedCluster

/// The life of pods on simulated nodes.
struct NodeTests {
  @Test("a pod is scheduled, starts, becomes ready and ends")
  func life() async throws {
    let bench = try await SimulationBench(nodes: 1)
    try await bench.createPod("one")
    try await bench.settle()
    let scheduled = try #require(bench.pod("one"))
    #expect(scheduled.nodeName == "node-0")
    #expect(scheduled.phase == "Pending")
    #expect(scheduled.condition("PodScheduled")?.isTrue == true)
    try await bench.run(.seconds(1))
    #expect(bench.pod("one")?.phase == "Running")
    #expect(bench.pod("one")?.isReady == false)
    try await bench.run(.seconds(1))
    let ready = try #require(bench.pod("one"))
    #expect(ready.isReady)
    #expect(ready.containerStatuses.map(\.imageID) == ["sim://game:1"])
    #expect(ready.json["status"]?["podIP"]?.string != nil)
    try await bench.client.delete(.pods, bench.key("one"))
    try await bench.settle()
    #expect(bench.pod("one")?.metadata.isBeingDeleted == true)
    try await bench.run(.seconds(1))
    #expect(bench.pod("one") == nil)
  }

  @Test("a new image restarts its container in place")
  func restart() async throws {
    let bench = try await SimulationBench(nodes: 1)
    try await bench.createPod("one")
    try await bench.run(.seconds(5))
    let before = try #require(bench.pod("one"))
    try await bench.client.patch(
      .pods, bench.key("one"), .strategicMerge(["spec": ["containers": [["name": "game", "image": "game:2"]]]]))
    try await bench.settle()
    #expect(bench.pod("one")?.isReady == false)
    try await bench.run(.seconds(5))
    let after = try #require(bench.pod("one"))
    #expect(after.isReady)
    #expect(after.metadata.uid == before.metadata.uid)
    #expect(after.containerStatuses.map(\.restartCount) == [1])
    #expect(after.containerStatuses.map(\.imageID) == ["sim://game:2"])
  }

  @Test("a host port is given once on a node, and a pod waits for room")
  func room() async throws {
    let bench = try await SimulationBench(nodes: 2, podsPerNode: 2)
    for name in ["a", "b", "c"] { try await bench.createPod(name, hostPort: 7000) }
    try await bench.run(.seconds(5))
    #expect(Set(["a", "b"].compactMap { bench.pod($0)?.nodeName }) == ["node-0", "node-1"])
    #expect(bench.pod("c")?.nodeName == "")
    try await bench.client.delete(.pods, bench.key("a"))
    try await bench.run(.seconds(5))
    #expect(bench.pod("c")?.isReady == true)
    for name in ["d", "e", "f"] { try await bench.createPod(name) }
    try await bench.run(.seconds(5))
    #expect(["d", "e", "f"].count { bench.pod($0)?.isReady == true } == 2)
  }

  @Test("a pod with a readiness gate is ready when its condition is true")
  func gate() async throws {
    let bench = try await SimulationBench(nodes: 1)
    let spec: JSONValue = [
      "containers": [["name": "game", "image": "game:1"]], "readinessGates": [["conditionType": "Open"]],
    ]
    try await bench.client.create(.pods, namespace: "default", ["metadata": ["name": "one"], "spec": spec])
    try await bench.run(.seconds(5))
    #expect(bench.pod("one")?.isReady == false)
    #expect(bench.pod("one")?.condition("ContainersReady")?.isTrue == true)
    try await bench.client.patch(
      .pods, bench.key("one"), subresource: "status",
      .strategicMerge(["status": ["conditions": [["type": "Open", "status": "True"]]]]))
    try await bench.settle()
    #expect(bench.pod("one")?.isReady == true)
  }

  @Test("a failed node does nothing until it is back, and nothing new comes to it")
  func failure() async throws {
    let bench = try await SimulationBench(nodes: 2)
    try await bench.createPod("one", node: "node-0")
    try await bench.run(.seconds(5))
    try await bench.nodes.setFailed("node-0", true)
    try await bench.client.delete(.pods, bench.key("one"))
    for name in ["a", "b"] { try await bench.createPod(name) }
    try await bench.run(.seconds(60))
    #expect(bench.pod("one")?.metadata.isBeingDeleted == true)
    #expect(["a", "b"].map { bench.pod($0)?.nodeName } == ["node-1", "node-1"])
    try await bench.nodes.setFailed("node-0", false)
    try await bench.run(.seconds(1))
    #expect(bench.pod("one") == nil)
  }

  @Test("what probes answer appears as conditions")
  func probes() async throws {
    let bench = try await SimulationBench(nodes: 1)
    let spec: JSONValue = [
      "containers": [["name": "game", "image": "game:1"]]
    ]
    try await bench.client.create(
      .pods, namespace: "default",
      ["metadata": ["name": "web-0", "labels": [GameLabels.ownerSet: "web"]], "spec": spec])
    try await bench.client.create(
      .podProbeMarkers, namespace: "default",
      [
        "apiVersion": .string(Resource.podProbeMarkers.apiVersion), "kind": "PodProbeMarker",
        "metadata": ["name": "web"],
        "spec": ["probes": [["name": "idle", "podConditionType": "game.kruise.io/idle"]]],
      ])
    try await bench.run(.seconds(5))
    bench.probes.script(bench.key("web-0"), probe: "idle", isSuccess: false, message: "3 players")
    try await bench.settle()
    #expect(bench.pod("web-0")?.condition("game.kruise.io/idle")?.message == "3 players")
    bench.probes.script(bench.key("web-0"), probe: "idle", isSuccess: true, message: "")
    try await bench.settle()
    #expect(bench.pod("web-0")?.condition("game.kruise.io/idle")?.isTrue == true)
  }
}
