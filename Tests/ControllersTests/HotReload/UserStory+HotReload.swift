import HotReload
import JSON
import Kubernetes
import SimulatedCluster

extension UserStory {
  private static func annotations(_ values: [String: String]) -> JSONValue {
    let keyed = values.map { (HotReloadAnnotation.prefix + $0.key, $0.value) }
    return [
      "gameServerTemplate": ["metadata": ["annotations": JSONValue(Dictionary(uniqueKeysWithValues: keyed))]]
    ]
  }

  private static func rollOut(_ image: String, partition: Int) -> Step {
    { harness in
      var spec = annotations(["source": "image:\(image)"])
      spec["updateStrategy"] = ["rollingUpdate": ["partition": .int(partition)]]
      try await harness.patchSet("demo", ["spec": spec])
    }
  }

  /// New assets by priority and partition, held back for a match, and let in when it ends.
  static let hotReload = UserStory(
    name: "new assets, and a match that they wait for",
    steps: [
      { harness in
        harness.server.setAdmission(SidecarAdmission())
        let spec = annotations([
          "inject": "enabled", "source": "image:assets:1", "mount": "/srv/assets", "gate": "on-empty",
        ])
        try await harness.apply(ScenarioTests.demo(replicas: 3, spec))
      },
      { harness in
        try await harness.patchServer("demo-1", ["updatePriority": 10])
        try await harness.patchServer("demo-0", ["opsState": "Allocated"])
      }, rollOut("assets:2", partition: 2), rollOut("assets:2", partition: 0), rollOut("assets:3", partition: 0),
      { try await $0.patchServer("demo-0", ["opsState": "None"]) },
    ])
}
