import JSON
import Kubernetes
import NetworkPlugins
import Testing

@testable import Controllers

@Suite("Which networks a change concerns")
struct NetworkKeyTests {
  static func object(_ name: String, owner: (String, String)? = nil, _ fields: JSONValue = [:]) -> KubernetesObject {
    var metadata: JSONValue = ["namespace": "ns", "name": .string(name)]
    if let owner {
      metadata["ownerReferences"] = [
        ["kind": .string(owner.0), "name": .string(owner.1), "uid": "u", "controller": true]
      ]
    }
    for member in fields["labels"].map({ [JSONObject.Member("labels", $0)] }) ?? [] {
      metadata[member.name] = member.value
    }
    var object: JSONValue = ["metadata": metadata]
    object["spec"] = fields["spec"]
    object["status"] = fields["status"]
    return KubernetesObject(object)
  }

  static let toPod: JSONValue = ["spec": ["selector": ["statefulset.kubernetes.io/pod-name": "game-1"]]]

  @Test(
    "an object brings up the pod that it is for",
    arguments: [
      (object("game-1", owner: ("Pod", "game-1")), "game-1"),
      (object("game-1-dianxin", owner: ("GameServerSet", "game"), toPod), "game-1"),
      (
        object(
          "game-1", owner: ("GameServerSet", "game"),
          ["spec": ["selector": ["game.kruise.io/svc-selector-disabled": "game-1"]]]), "game-1"
      ),
      (object("game-1-500", ["labels": ["statefulset.kubernetes.io/pod-name": "game-1"]]), "game-1"),
      (object("game-1"), "game-1"),
    ])
  func pods(object: KubernetesObject, pod: String) {
    let keys = KeyMapping.networkPods(.services, old: nil, new: object)
    #expect(keys == [NamespacedName("ns", pod)])
    #expect(KeyMapping.networkGroups(.services, old: nil, new: object).isEmpty)
  }

  @Test("what a set owns and several pods share brings up all of them")
  func groups() {
    let shared = Self.object(
      "lb-1", owner: ("GameServerSet", "game"), ["spec": ["selector": ["service.k8s.alibaba/loadbalancer-id": "lb-1"]]])
    #expect(KeyMapping.networkPods(.services, old: nil, new: shared).isEmpty)
    #expect(KeyMapping.networkGroups(.services, old: nil, new: shared) == [NamespacedName("ns", "game")])
    #expect(KeyMapping.networkSets(.services, old: shared, new: nil) == [NamespacedName("ns", "game")])
  }

  @Test("what a set has in a cloud without owning it brings up the set and its pods, and no pod of the object's name")
  func pools() {
    for label in ["game.kruise.io/nlb-pool-gss", "game.kruise.io/eip-pool-gss"] {
      let pooled = Self.object("game-bgp-0", ["labels": [label: "game"]])
      let set = [NamespacedName("ns", "game")]
      #expect(KeyMapping.networkPods(.services, old: nil, new: pooled).isEmpty)
      #expect(KeyMapping.networkGroups(.services, old: nil, new: pooled) == set)
      #expect(KeyMapping.networkSets(.services, old: nil, new: pooled) == set)
    }
  }

  @Test("a set brings up its pods only where their networks could change")
  func sets() {
    func set(_ fields: JSONValue) -> KubernetesObject { Self.object("game", fields) }
    let before = set(["spec": ["replicas": 1], "status": ["updatedReplicas": 1, "replicas": 1]])
    func keys(_ after: KubernetesObject) -> Int {
      KeyMapping.networkGroups(.gameServerSets, old: before, new: after).count
    }
    #expect(keys(set(["spec": ["replicas": 9], "status": ["updatedReplicas": 2, "replicas": 2]])) == 0)
    #expect(keys(set(["spec": ["replicas": 1], "status": ["updatedReplicas": 0, "replicas": 1]])) == 1)
    #expect(
      keys(set(["spec": ["network": ["networkType": "x"]], "status": ["updatedReplicas": 1, "replicas": 1]])) == 1)
  }

  @Test("a node brings up its pods when its addresses change, not with every heartbeat")
  func nodes() {
    func node(_ address: String, _ beat: String) -> KubernetesObject {
      KubernetesObject([
        "metadata": ["name": "n1"],
        "status": ["addresses": [["type": "InternalIP", "address": .string(address)]], "beat": .string(beat)],
      ])
    }
    let before = node("10.0.0.1", "1")
    #expect(KeyMapping.networkGroups(.nodes, old: before, new: node("10.0.0.1", "2")).isEmpty)
    #expect(KeyMapping.networkGroups(.nodes, old: before, new: node("10.0.0.2", "2")) == [NamespacedName("", "n1")])
    #expect(KeyMapping.networkGroups(.nodes, old: before, new: nil) == [NamespacedName("", "n1")])
  }

  @Test("a pod is patched only where it differs, and only while it is the same pod")
  func podPatch() {
    let status = NetworkStatus(.ready, externalAddresses: [NetworkStatus.Address(ip: "1.2.3.4")])
    let pod = KubernetesObject([
      "metadata": [
        "namespace": "ns", "name": "game-1", "uid": "u-1", "resourceVersion": "7", "finalizers": ["a", "b"],
        "labels": ["x": "1", "y": "2"],
        "annotations": [
          "game.kruise.io/network-status":
            #"{"createTime":null,"externalAddresses":[{"ip":"1.2.3.4"}],"currentNetworkState":"Ready"}"#
        ],
      ]
    ]).as(Pod.self)
    var plan = NetworkPlan(status)
    plan.labels = ["x": "1", "z": nil as String?]
    #expect(PodNetworkPatch(plan, pod).value == nil)
    #expect(status.annotation.hasSuffix(#""currentNetworkState":"Ready","createTime":null,"lastTransitionTime":null}"#))
    plan.labels["y"] = Optional<String?>.some(nil)
    #expect(PodNetworkPatch(plan, pod).value == ["metadata": ["labels": ["y": nil], "uid": "u-1"]])
    plan.finalizersToRemove = ["a"]
    #expect(
      PodNetworkPatch(plan, pod).value == [
        "metadata": ["labels": ["y": nil], "finalizers": ["b"], "resourceVersion": "7", "uid": "u-1"]
      ])
  }
}
