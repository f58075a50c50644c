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
}
