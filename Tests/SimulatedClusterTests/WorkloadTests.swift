import JSON
import Kubernetes
import Testing

@testable import SimulatedCluster

/// The Advanced StatefulSet with nodes that run its pods.
struct WorkloadTests {
  @Test("a workload is scaled up and down, from the highest ordinal")
  func scale() async throws {
    let bench = try await SimulationBench()
    try await bench.createWorkload(replicas: 3)
    try await bench.run(.seconds(10))
    #expect(bench.pods == ["0 game:1", "1 game:1", "2 game:1"])
    try await bench.patchWorkload(["replicas": 1])
    try await bench.run(.seconds(10))
    #expect(bench.pods == ["0 game:1"])
    let status = bench.server.stored(.advancedStatefulSets, bench.key("web"))?.json["status"]
    #expect(status?["readyReplicas"]?.int == 1)
    #expect(status?["replicas"]?.int == 1)
  }

  @Test(
    "an update in place keeps the pods, one that recreates replaces them", arguments: ["InPlaceIfPossible", "ReCreate"])
  func update(_ policy: String) async throws {
    let bench = try await SimulationBench()
    try await bench.createWorkload(
      replicas: 3,
      [("updateStrategy", ["rollingUpdate": ["podUpdatePolicy": .string(policy), "maxUnavailable": 1]])])
    try await bench.run(.seconds(10))
    let before = (0..<3).map { bench.pod("web-\($0)")?.metadata.uid }
    try await bench.patchWorkload(["template": ["spec": ["containers": [["name": "game", "image": "game:2"]]]]])
    try await bench.run(.seconds(60))
    #expect(bench.pods == ["0 game:2", "1 game:2", "2 game:2"])
    let after = (0..<3).map { bench.pod("web-\($0)")?.metadata.uid }
    #expect((before == after) == (policy == "InPlaceIfPossible"))
    let status = bench.server.stored(.advancedStatefulSets, bench.key("web"))?.json["status"]
    #expect(status?["updatedReadyReplicas"]?.int == 3)
    #expect(status?["currentRevision"]?.string == status?["updateRevision"]?.string)
  }

  @Test("a partition is kept while pods are replaced", arguments: ["InPlaceIfPossible", "ReCreate"])
  func partition(_ policy: String) async throws {
    let bench = try await SimulationBench()
    let rolling: JSONValue = ["podUpdatePolicy": .string(policy), "maxUnavailable": 5, "partition": 3]
    try await bench.createWorkload(replicas: 5, [("updateStrategy", ["rollingUpdate": rolling])])
    try await bench.run(.seconds(10))
    try await bench.patchWorkload(["template": ["spec": ["containers": [["name": "game", "image": "game:2"]]]]])
    try await bench.run(.seconds(60))
    #expect(bench.pods == ["0 game:1", "1 game:1", "2 game:1", "3 game:2", "4 game:2"])
    // A pod that is replaced meanwhile comes back on the revision that it had.
    try await bench.client.delete(.pods, bench.key("web-1"))
    try await bench.run(.seconds(10))
    #expect(bench.pods[1] == "1 game:1")
  }

  @Test(
    "claims outlive pods, unless they are to go with them",
    arguments: [("Retain", "Retain", 3, 3), ("Delete", "Retain", 1, 1), ("Retain", "Delete", 3, 0)])
  func claims(_ whenScaled: String, _ whenDeleted: String, _ scaled: Int, _ deleted: Int) async throws {
    let bench = try await SimulationBench()
    try await bench.createWorkload(
      replicas: 3,
      [
        ("volumeClaimTemplates", [["metadata": ["name": "data"], "spec": ["accessModes": ["ReadWriteOnce"]]]]),
        (
          "persistentVolumeClaimRetentionPolicy",
          ["whenScaled": .string(whenScaled), "whenDeleted": .string(whenDeleted)]
        ),
      ])
    try await bench.run(.seconds(10))
    #expect(bench.server.all(.persistentVolumeClaims).map(\.name) == ["data-web-0", "data-web-1", "data-web-2"])
    try await bench.patchWorkload(["replicas": 1])
    try await bench.run(.seconds(10))
    #expect(bench.server.all(.persistentVolumeClaims).count == scaled)
    try await bench.client.delete(.advancedStatefulSets, bench.key("web"))
    try await bench.run(.seconds(10))
    #expect(bench.pods == [])
    #expect(bench.server.all(.persistentVolumeClaims).count == deleted)
  }

  @Test("a Service and an Ingress get their addresses late, or never")
  func loadBalancer() async throws {
    let bench = try await SimulationBench()
    func create(_ name: String) async throws {
      try await bench.client.create(
        .services, namespace: "default",
        ["metadata": ["name": .string(name)], "spec": ["type": "LoadBalancer", "ports": [["port": 80]]]])
    }
    func address(_ resource: Resource, _ name: String) -> String? {
      bench.server.stored(resource, bench.key(name))?.json["status"]?["loadBalancer"]?["ingress"]?[0]?["ip"]?.string
    }
    bench.balancers.script(.services, bench.key("slow"), .after(.seconds(30)))
    bench.balancers.script(.services, bench.key("never"), .refusal)
    for name in ["usual", "slow", "never"] { try await create(name) }
    try await bench.client.create(.ingresses, namespace: "default", ["metadata": ["name": "web"]])
    try await bench.run(.seconds(5))
    #expect(address(.services, "usual") != nil)
    #expect(address(.ingresses, "web") != nil)
    #expect(address(.services, "slow") == nil)
    try await bench.run(.seconds(60))
    #expect(address(.services, "slow") != nil)
    #expect(address(.services, "never") == nil)
    try await bench.client.patch(.services, bench.key("usual"), .merge(["spec": ["type": "ClusterIP"]]))
    try await bench.settle()
    #expect(address(.services, "usual") == nil)
  }
}
