import JSON
import Kubernetes
import Testing

/// What users do to a cluster, step after step, with a minute of cluster life after each.
struct UserStory: Sendable, CustomTestStringConvertible {
  typealias Step = @Sendable (Harness) async throws -> Void

  let name: String
  let steps: [Step]

  var testDescription: String { name }

  private static func set(_ patch: JSONValue) -> Step { { try await $0.patchSet("demo", ["spec": patch]) } }
  private static func server(_ name: String, _ spec: JSONValue) -> Step { { try await $0.patchServer(name, spec) } }
  private static func create(_ replicas: Int, _ spec: JSONValue = [:]) -> Step {
    { try await $0.apply(ScenarioTests.demo(replicas: replicas, spec)) }
  }

  /// The stories that faults are injected into; together they make the controllers do every kind of write.
  static let all = [
    UserStory(
      name: "scale in by state and priority, and out again",
      steps: [
        create(4), server("demo-1", ["opsState": "WaitToBeDeleted"]), server("demo-2", ["deletionPriority": 9]),
        set(["replicas": 2]), set(["replicas": 3]),
      ]),
    UserStory(
      name: "kill", steps: [create(3), server("demo-1", ["opsState": "Kill"]), set(["replicas": 3])]),
    UserStory(
      name: "hot update by priority and partition",
      steps: [
        create(3), server("demo-1", ["updatePriority": 10]),
        set([
          "updateStrategy": ["rollingUpdate": ["partition": 2]],
          "gameServerTemplate": ["spec": ["containers": [["name": "game", "image": "game:2"]]]],
        ]), set(["updateStrategy": ["rollingUpdate": ["partition": 0]]]),
      ]),
    UserStory(
      name: "reserve ids with servers that outlive their pods",
      steps: [
        create(4, ["gameServerTemplate": ["reclaimPolicy": "Delete"]]), set(["reserveGameServerIds": ["1-2"]]),
        set(["replicas": 2, "reserveGameServerIds": ["1-4"]]), set(["reserveGameServerIds": []]), set(["replicas": 4]),
      ]),
    UserStory(
      name: "ReserveIds writes back",
      steps: [
        create(4, ["scaleStrategy": ["scaleDownStrategyType": "ReserveIds"]]), set(["replicas": 2]),
        set(["replicas": 3]),
      ]),
    UserStory(
      name: "a preDelete hook, and labels of the template",
      steps: [
        create(
          2,
          [
            "lifecycle": ["preDelete": ["labelsHandler": ["hold": "true"]]],
            "gameServerTemplate": ["metadata": ["labels": ["hold": "true"]]],
          ]), set(["replicas": 1]),
        {
          try await $0.client.patch(
            .pods, NamespacedName("default", "demo-1"), .merge(["metadata": ["labels": ["hold": "false"]]]))
        }, set(["gameServerTemplate": ["metadata": ["labels": ["tier": "gold"]]]]),
      ]),
    UserStory(
      name: "an image of one server, and its network switched off",
      steps: [
        create(2),
        server("demo-0", ["containers": [["name": "game", "image": "game:hotfix"]], "networkDisabled": true]),
        { try await $0.client.delete(.gameServers, NamespacedName("default", "demo-1")) },
        { try await $0.client.delete(.pods, NamespacedName("default", "demo-0")) },
      ]),
    UserStory(
      name: "the set goes, and comes back",
      steps: [
        create(2), { try await $0.client.delete(.gameServerSets, NamespacedName("default", "demo")) }, create(2),
      ]), hotReload,
  ]

  /// Plays the story to its end.
  func play(_ harness: Harness) async throws {
    for step in steps {
      try await step(harness)
      try await harness.run()
    }
  }
}
