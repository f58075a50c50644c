import JSON
import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("Better behaviour than that of the compatibility target")
struct BetterBehaviourTests {
  @Test("images are compared by the pod's specification, whatever a runtime calls them")
  func imagesOfTheSpecification() {
    var pod = JSONValue(ConformanceTests.gatePod("PreparingUpdate", image: "game:2").json)
    pod["status"]?["containerStatuses"] = [["name": "game", "image": "docker.io/library/game@sha256:1"]]
    let gate = InPlaceUpdateGate(
      KubernetesObject(pod).as(Pod.self), set: ConformanceTests.set(), allowed: ["game"], isPublishing: false,
      others: nil)
    #expect(!gate.publishesNotReady)
    #expect(gate.blocker == "false")
  }

  @Test("a set that has lost its network, or is gone, holds up no update of its pods", arguments: [true, false])
  func setWithoutNetwork(hasSet: Bool) throws {
    let bench = ReconcileBench()
    if !hasSet { bench.store.remove(.gameServerSets, NamespacedName("ns", "game")) }
    let context = try bench.context(
      bench.pod(
        "AlibabaCloud-SLB", ["SlbIds": "lb-1", "PortProtocols": "80", "AllowNotReadyContainers": "game"],
        labels: ["lifecycle.apps.kruise.io/state": "PreparingUpdate"]))
    let gate = try #require(context.gate(nil))
    #expect(gate.blocker == "false")
    #expect(!gate.publishesNotReady)
  }

  @Test("a port that was blocked after it was given stays with its pod, and is given to no other")
  func blockedLater() throws {
    let bench = LoadBalancerPortsTests.Bench(PortRange(500, 502, blocking: [501]))
    bench.show("p-0", on: "a", [80: 501, 81: 502])
    let kept = try bench.take("p-0", [["a"]], 80, 81)
    #expect(kept.ports == [501, 502])
    #expect(try bench.take("p-1", [["a"]], 80).ports == [500])
    #expect(throws: PluginError.self) { try bench.take("p-2", [["a"]], 80) }
  }

  @Test("blocked ports do not count as room of a load balancer that nothing uses yet")
  func blockedFromTheBeginning() throws {
    let bench = LoadBalancerPortsTests.Bench(PortRange(500, 502, blocking: [501]))
    #expect(throws: PluginError.self) { try bench.take("p-0", [["a"]], 80, 81, 82) }
    #expect(try bench.take("p-0", [["a"]], 80, 81).ports == [500, 502])
  }

  @Test("SLB-SharedPort: a selector is written only where there is one")
  func withoutManagedSelector() throws {
    let bench = ReconcileBench()
    let type = "AlibabaCloud-SLB-SharedPort"
    let parameters: KeyValuePairs = ["SlbIds": "lb-1,", "PortProtocols": "80"]
    let label = "service.k8s.alibaba/loadbalancer-id"
    let cut = try bench.plan(bench.pod(type, parameters, labels: ["game.kruise.io/network-disabled": "true"]))
    #expect(cut.labels.keys.allSatisfy { !$0.isEmpty })
    let restored = try bench.plan(bench.pod(type, parameters))
    #expect(restored.labels.keys.allSatisfy { !$0.isEmpty })
    #expect(restored.labels[label] == "lb-1")
  }

  @Test("the pool of a set reaches up to its highest pod, however few replicas it has")
  func reservedNumbers() throws {
    let bench = ReconcileBench()
    let type = "AlibabaCloud-AutoNLBs"
    let parameters: KeyValuePairs = [
      "ZoneMaps": "vpc@z1:v1,z2:v2", "PortProtocols": "80", "MinPort": "1000", "MaxPort": "1001",
    ]
    bench.add(.pods, JSONValue(try bench.pod(type, parameters, name: "game-7", uid: "pod-7").json))
    let context = SetNetworkContext(
      set: try #require(bench.store.gameServerSet(NamespacedName("ns", "game"))),
      parameters: parameters.map { NetworkParameter($0.key, $0.value) }, cluster: bench.store)
    #expect(context.highestOrdinal == 7)
    let names = try AlibabaCloudAutoNLBs().planSet(context).writes.map(\.draft.key.name)
    #expect(names == (0...4).map { "game-bgp-\($0)" })
  }

  @Test(
    "a pod that only carries the set's label, or a number that no set of this size comes to, makes no load balancers",
    arguments: ["game-backup-20261127", "other-7", "game-2000", "game-07"])
  func strangers(name: String) throws {
    let bench = ReconcileBench()
    bench.add(
      .pods, ["metadata": ["namespace": "ns", "name": .string(name), "labels": ["game.kruise.io/owner-gss": "game"]]])
    let set = try #require(bench.store.gameServerSet(NamespacedName("ns", "game")))
    #expect(SetNetworkContext(set: set, parameters: [], cluster: bench.store).highestOrdinal == 0)
  }

  @Test("a pod of a set that lives again is let go at once, whatever its label says of an older set")
  func labelOfOlderSet() throws {
    let bench = ReconcileBench()
    let type = "AlibabaCloud-AutoNLBs-V2"
    var object = JSONValue(
      try bench.pod(
        type, ["ZoneMaps": "vpc@z1:v1,z2:v2", "PortProtocols": "80", "RetainNLBOnDelete": "false"],
        labels: ["game.kruise.io/gss-deleting": "true"]
      ).json)
    object["metadata"]?["finalizers"] = ["game.kruise.io/delete-nlb-on-gss-deleted"]
    let pod = KubernetesObject(object).as(Pod.self)
    #expect(try bench.plan(pod).labels["game.kruise.io/gss-deleting"] == .some(nil))
    bench.store.replace(.gameServerSets, with: bench.store.objects(.gameServerSets, .all(namespace: nil)))
    for resource in AlibabaCloudAutoNLBsV2().cloudResources { bench.store.replace(resource, with: []) }
    let end = AlibabaCloudAutoNLBsV2().planEnd(try bench.context(pod))
    #expect(end.finalizersToRemove == ["game.kruise.io/delete-nlb-on-gss-deleted"])
    #expect(end.removals.isEmpty)
  }

  @Test("a shared Service is made of what parses of the set's ports, where it is not strict")
  func salvagedSharedPorts() throws {
    let bench = ReconcileBench()
    let type = "AlibabaCloud-NLB-SharedPort"
    let conf: JSONValue = [["name": "NlbIds", "value": "nlb-1"], ["name": "PortProtocols", "value": "80,abc"]]
    bench.add(
      .gameServerSets,
      [
        "metadata": ["namespace": "ns", "name": "game", "uid": "set-1"],
        "spec": ["network": ["networkType": .string(type), "networkConf": conf]],
      ])
    let pod = try bench.pod(type, ["NlbIds": "nlb-1", "PortProtocols": "80,abc"])
    let plugin = AlibabaCloudNLBSharedPort()
    let network = try #require(try PodNetwork.read(pod))
    #expect(throws: PluginError.self) { try plugin.plan(bench.context(pod)) }
    let context = NetworkContext(
      pod: pod, network: network.salvaged(by: plugin), now: Timestamp(seconds: 0), cluster: bench.store)
    #expect(try CloudServicePlanTests.ports(plugin.plan(context)) == [80])
  }

  @Test("a field that an old API server drops is not missed, and another value of it is")
  func droppedField() throws {
    func isWanted(_ value: Bool) -> Bool {
      let draft = ObjectDraft(
        .services, NamespacedName("ns", "s"), owner: nil,
        ["spec": ["type": "LoadBalancer", "allocateLoadBalancerNodePorts": .bool(value)]])
      let live = KubernetesObject([
        "apiVersion": "v1", "kind": "Service", "metadata": ["namespace": "ns", "name": "s"],
        "spec": ["type": "LoadBalancer", "allocateLoadBalancerNodePorts": .bool(!value)],
      ])
      let without = KubernetesObject([
        "apiVersion": "v1", "kind": "Service", "metadata": ["namespace": "ns", "name": "s"],
        "spec": ["type": "LoadBalancer"],
      ])
      if case .none = draft.difference(from: live) { Issue.record("the other value is a difference") }
      if case .none = draft.difference(from: without) { return false }
      return true
    }
    #expect(!isWanted(true))
  }

  static let ingress: KeyValuePairs = [
    "Path": "/a<id>", "Path": "/b", "PathType": "Prefix", "Port": "80", "Port": "80",
  ]

  @Test("Ingress: a port that is named twice is one port of the Service, and Ready waits for the pod's address")
  func ingressPorts() throws {
    let bench = ReconcileBench()
    let first = try bench.plan(bench.pod("Kubernetes-Ingress", Self.ingress))
    let ports = first.writes.first?.draft.value["spec"]?["ports"]?.array
    #expect(ports?.map { $0["port"] } == [80])
    bench.carryOut(first)
    bench.carryOut(try bench.plan(bench.pod("Kubernetes-Ingress", Self.ingress)), ingress: [["ip": "1.2.3.4"]])
    let without = try bench.plan(bench.pod("Kubernetes-Ingress", Self.ingress, ip: ""))
    #expect(without.status?.currentState == .notReady)
    let ready = try #require(try bench.plan(bench.pod("Kubernetes-Ingress", Self.ingress)).status)
    #expect(ready.currentState == .ready)
    #expect(ready.externalAddresses.map(\.ip) == ["1.2.3.4"])
    #expect(ready.externalAddresses[0].ports.map(\.name) == ["/a3", "/b"])
  }

  @Test("Ingress: a change of Fixed reaches the Service too")
  func ingressFixed() throws {
    let bench = ReconcileBench()
    bench.carryOut(try bench.plan(bench.pod("Kubernetes-Ingress", Self.ingress)))
    bench.carryOut(try bench.plan(bench.pod("Kubernetes-Ingress", Self.ingress)))
    let fixed = try bench.plan(
      bench.pod(
        "Kubernetes-Ingress", ["Path": "/a<id>", "Path": "/b", "PathType": "Prefix", "Port": "80", "Fixed": "true"]))
    let service = try #require(fixed.writes.first { $0.draft.resource == .services })
    #expect(service.draft.value["metadata"]?["ownerReferences"]?[0]?["kind"] == "GameServerSet")
  }

  @Test("AutoNLBs-V2: the pool fills its holes, and a line that is cut off is not ready")
  func holes() throws {
    let bench = ReconcileBench()
    func nlb(_ number: Int) -> JSONValue {
      [
        "metadata": [
          "namespace": "ns", "name": .string("game-intranet-\(number)"),
          "labels": ["game.kruise.io/nlb-pool-index": .string(String(number))],
        ], "status": ["loadBalancerId": .string("nlb-\(number)")],
      ]
    }
    for number in [0, 2] { bench.add(AlibabaCloudResources.nlbs, nlb(number)) }
    let parameters: KeyValuePairs = [
      "ZoneMaps": "vpc@z1:v1,z2:v2", "PortProtocols": "80", "MinPort": "1000", "MaxPort": "1000",
      "EipIspTypes": "intranet", "ReserveNlbNum": "2",
    ]
    let context = SetNetworkContext(
      set: try #require(bench.store.gameServerSet(NamespacedName("ns", "game"))),
      parameters: parameters.map { NetworkParameter($0.key, $0.value) }, cluster: bench.store)
    let plan = try AlibabaCloudAutoNLBsV2().planSet(context)
    #expect(
      plan.writes.filter { $0.draft.resource == AlibabaCloudResources.nlbs }.map(\.draft.key.name)
        == ["game-intranet-1"])
    bench.carryOut(plan, ingress: [["hostname": "h"]])
    let type = "AlibabaCloud-AutoNLBs-V2"
    func state(_ labels: JSONObject) throws -> NetworkState? {
      try bench.plan(bench.pod(type, parameters, name: "game-0", labels: labels)).status?.currentState
    }
    #expect(try state([:]) == .ready)
    #expect(try state(["game.kruise.io/network-disabled": "true"]) == .notReady)
  }
}
