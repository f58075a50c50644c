import JSON
import Kubernetes
import Testing

@testable import Controllers

@Suite("Which pods' changes bring a set up")
struct KeyMappingTests {
  private static func pod(_ changes: JSONValue = [:]) -> KubernetesObject {
    let pod: JSONValue = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": "demo-1", "namespace": "default", "uid": "one",
        "labels": [
          GameLabels.ownerSet: "demo", GameLabels.opsState: "None", GameLabels.deletePriority: "0",
          GameLabels.state: "Creating",
        ],
      ],
      "status": ["phase": "Pending"],
    ]
    return KubernetesObject(JSONMergePatch.apply(changes, to: pod))
  }

  private static func label(_ key: String, _ value: JSONValue) -> JSONValue {
    ["metadata": ["labels": [key: value]]]
  }

  private func keys(_ old: KubernetesObject?, _ new: KubernetesObject?) -> [String] {
    KeyMapping.gameServerSets(.pods, old: old, new: new).map(\.name)
  }

  @Test(
    "what a set looks at brings it up",
    arguments: [
      label(GameLabels.opsState, "Kill"), label(GameLabels.deletePriority, "9"),
      label(GameLabels.state, "PreDelete"), label(GameLabels.lifecycleState, "PreparingDelete"),
      ["metadata": ["deletionTimestamp": "2026-01-01T00:00:00Z"]], ["metadata": ["uid": "two"]],
    ])
  func matters(_ change: JSONValue) { #expect(keys(Self.pod(), Self.pod(change)) == ["demo"]) }

  @Test(
    "what it does not look at leaves it alone",
    arguments: [
      ["status": ["phase": "Running"]], label(GameLabels.state, "Ready"), label("mine", "x"),
      ["metadata": ["resourceVersion": "7", "annotations": ["a": "b"]]], ["spec": ["nodeName": "node-1"]],
    ])
  func doesNotMatter(_ change: JSONValue) { #expect(keys(Self.pod(), Self.pod(change)) == []) }

  @Test("a pod that comes, goes or changes hands brings up all sets that it concerns")
  func comingAndGoing() {
    #expect(keys(nil, Self.pod()) == ["demo"])
    #expect(keys(Self.pod(), nil) == ["demo"])
    #expect(keys(Self.pod(), Self.pod(Self.label(GameLabels.ownerSet, "other"))) == ["demo", "other"])
  }

  private static func annotated(_ key: String) -> JSONValue { ["metadata": ["annotations": [key: "x"]]] }

  @Test("a change concerns hot reload where the object has, or had, an annotation of it, or is new")
  func hotReload() {
    func keys(_ old: KubernetesObject?, _ new: KubernetesObject?) -> [String] {
      KeyMapping.hotReloads(.pods, old: old, new: new).map(\.name)
    }
    let (plain, asking) = (Self.pod(), Self.pod(Self.annotated("hot-reload.game.kruise.io/inject")))
    #expect(keys(plain, Self.pod(["status": ["phase": "Running"]])) == [])
    #expect(keys(plain, Self.pod(Self.annotated("mine"))) == [])
    for (old, new) in [(plain, asking), (asking, plain), (asking, asking)] { #expect(keys(old, new) == ["demo-1"]) }
    for (old, new) in [(nil, plain), (plain, nil)] { #expect(keys(old, new) == ["demo-1"]) }
    #expect(keys(plain, Self.pod(["metadata": ["uid": "two"]])) == ["demo-1"])
  }

  @Test("a change of what servers take from their set brings them up by way of it, and nothing else of the set does")
  func templates() {
    func set(_ spec: JSONValue) -> KubernetesObject {
      KubernetesObject([
        "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet",
        "metadata": ["name": "demo", "namespace": "default"], "spec": spec,
      ])
    }
    let plain = set(["replicas": 1])
    let labelled = set(["replicas": 1, "gameServerTemplate": ["metadata": ["labels": ["tier": "gold"]]]])
    let probed = set(["replicas": 1, "serviceQualities": [["name": "idle"]]])
    for (old, new) in [(plain, labelled), (labelled, plain), (plain, probed)] {
      #expect(KeyMapping.templates(.gameServerSets, old: old, new: new).map(\.name) == ["demo"])
    }
    #expect(KeyMapping.templates(.gameServerSets, old: plain, new: set(["replicas": 9])) == [])
    #expect(KeyMapping.templates(.gameServerSets, old: nil, new: labelled) == [])
    #expect(KeyMapping.templates(.pods, old: plain, new: labelled) == [])
  }
}
