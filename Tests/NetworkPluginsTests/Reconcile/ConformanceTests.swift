import JSON
import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("Conformance vectors of the reconcile half")
struct ConformanceTests {
  static func gatePod(_ lifecycle: String, image: String = "game:1", isReady: Bool = true) -> Pod {
    KubernetesObject([
      "metadata": [
        "labels": [
          "lifecycle.apps.kruise.io/state": .string(lifecycle),
          "game.kruise.io/inplace-update-not-ready-blocker": "true",
        ]
      ],
      "spec": ["containers": [["name": "game", "image": .string(image)], ["name": "side", "image": "side:1"]]],
      "status": ["conditions": [["type": "Ready", "status": isReady ? "True" : "False"]]],
    ]).as(Pod.self)
  }

  static func set(_ status: JSONValue = .null) -> GameServerSet {
    KubernetesObject([
      "spec": [
        "gameServerTemplate": [
          "spec": ["containers": [["name": "game", "image": "game:2"], ["name": "side", "image": "side:1"]]]
        ]
      ], "status": status,
    ]).as(GameServerSet.self)
  }

  @Test("vectors 7 to 9: traffic of a pod whose containers are updated in place")
  func gate() {
    func gate(_ pod: Pod, _ allowed: String, isPublishing: Bool) -> InPlaceUpdateGate {
      InPlaceUpdateGate(pod, set: Self.set(), allowed: [allowed], isPublishing: isPublishing, others: nil)
    }
    let over = gate(Self.gatePod("Updating"), "game", isPublishing: true)
    #expect(over.publishesNotReady == false)
    #expect(over.blocker == "true")
    let begins = gate(Self.gatePod("PreparingUpdate"), "game", isPublishing: false)
    #expect(begins.publishesNotReady)
    #expect(begins.blocker == "true")
    let goes = gate(Self.gatePod("PreparingUpdate"), "side", isPublishing: true)
    #expect(goes.publishesNotReady)
    #expect(goes.blocker == "false")
    let notYet = gate(Self.gatePod("Updating", isReady: false), "game", isPublishing: true)
    #expect(notYet.publishesNotReady)
  }

  @Test("a shared Service hides pods that are not ready again only when all are updated and ready")
  func sharedGate() {
    let pod = Self.gatePod("Normal")
    func publishes(_ updated: Int, _ others: [Pod]) -> Bool {
      let set = Self.set(["updatedReplicas": .int(updated), "replicas": 2])
      return InPlaceUpdateGate(pod, set: set, allowed: ["game"], isPublishing: true, others: others).publishesNotReady
    }
    #expect(publishes(1, [pod, pod]))
    #expect(publishes(2, [pod, Self.gatePod("Normal", isReady: false)]))
    #expect(!publishes(2, [pod, pod]))
  }

  @Test("vectors 14 and 15: NodePort of a pod that is not bound yet")
  func unbound() throws {
    let bench = ReconcileBench()
    let parameters: KeyValuePairs = ["PortProtocols": "80"]
    let plan = try bench.plan(bench.pod("Kubernetes-NodePort", parameters, status: nil, node: ""))
    #expect(plan.status == nil)
    #expect(plan.writes.isEmpty)
    #expect(try bench.plan(bench.pod("Kubernetes-NodePort", parameters, node: "")).status?.currentState == .waiting)
  }

  @Test("vector 18: words of the health check in lower case, and the policy that is default")
  func healthCheck() throws {
    let configuration = try AlibabaCloudSLB.Configuration([
      NetworkParameter("SlbIds", "xxx-A"), NetworkParameter("PortProtocols", "80"),
      NetworkParameter("LBHealthCheckType", "HTTP"), NetworkParameter("LBHealthCheckMethod", "HEAD"),
    ])
    #expect(configuration.balancers.ids == ["xxx-A"])
    #expect(configuration.balancers.ports == [ProtocolPort(80, .tcp)])
    #expect(configuration.trafficPolicy == "Cluster")
    let prefix = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-health-check-"
    #expect(configuration.healthCheck[prefix + "type"] == "http")
    #expect(configuration.healthCheck[prefix + "method"] == "head")
    #expect(configuration.healthCheck[prefix + "uri"] == "")
  }

  @Test(
    "vector 31: no Service for a load balancer that does not say which one of the pool it is", arguments: [nil, "x"])
  func strangers(index: String?) throws {
    let bench = ReconcileBench()
    let nlb: JSONValue = [
      "metadata": [
        "namespace": "ns", "name": "game-bgp-0",
        "labels": .object(index.map { ["game.kruise.io/nlb-pool-index": .string($0)] } ?? JSONObject()),
      ], "status": ["loadBalancerId": "nlb-1"],
    ]
    bench.add(AlibabaCloudResources.nlbs, nlb)
    let set = try #require(bench.store.gameServerSet(NamespacedName("ns", "game")))
    let context = SetNetworkContext(
      set: set,
      parameters: [
        NetworkParameter("ZoneMaps", "vpc@z1:v1,z2:v2"), NetworkParameter("PortProtocols", "80"),
        NetworkParameter("ReserveNlbNum", "0"),
      ], cluster: bench.store)
    #expect(try AlibabaCloudAutoNLBsV2().planSet(context).writes.isEmpty)
    var good = nlb
    good["metadata"]?["labels"] = ["game.kruise.io/nlb-pool-index": "0"]
    bench.add(AlibabaCloudResources.nlbs, good)
    let plan = try AlibabaCloudAutoNLBsV2().planSet(context)
    #expect(plan.writes.count == SetNetworkContext.writeLimit)
    #expect(plan.lookAgain != nil)
  }
}
