import JSON

extension DemoScenario {
  private static let battle = DemoSet(name: "battle", replicas: 4, version: "1.0")

  /// A new version reaches the servers in place, the chosen one first.
  static let hotUpdate = DemoScenario(
    name: "hot-update", title: "a new version in place, by priority and partition", set: "battle",
    columns: [.updatePriority, .image, .restarts, .node],
    steps: [
      DemoStep(
        "four servers run version 1.0", .apply(battle.object),
        expect: [.servers([0, 1, 2, 3]), .each(.state, "Ready"), .each(.image, "1.0")]),
      DemoStep(
        "server 2 is to be the first to get a new version",
        .patchServer(2, ["updatePriority": 10]),
        expect: [.some(.updatePriority, [0: "0", 1: "0", 2: "10", 3: "0"])]),
      DemoStep(
        "version 1.1 with a partition of 3: one server is updated, the one with the priority, and the others wait",
        .patchSet(battle.update(to: "1.1", ["partition": 3])),
        expect: [
          .some(.image, [0: "1.0", 1: "1.0", 2: "1.1", 3: "1.0"]), .each(.state, "Ready"), .some(.restarts, [2: "1"]),
          .kept(.uid), .kept(.node),
        ], steady: .seconds(5)),
      DemoStep(
        "a partition of 0 lets the others follow, one by one, on their nodes and in their pods",
        .patchSet(["spec": ["updateStrategy": ["rollingUpdate": ["partition": 0]]]]),
        expect: [
          .each(.image, "1.1"), .each(.state, "Ready"), .each(.restarts, "1"), .kept(.uid), .kept(.node),
          .field("status.updatedReplicas", "4"),
        ]),
    ])

  private static let arena = DemoSet(
    name: "arena", replicas: 4, templateAnnotations: assets("2026.11.1", gate: "on-empty"))

  private static func assets(_ tag: String, gate: String? = nil) -> JSONValue {
    let prefix = "hot-reload.game.kruise.io/"
    var annotations: JSONValue = [prefix + "source": .string("image:registry.example.com/games/arena-assets:\(tag)")]
    guard let gate else { return annotations }
    annotations[prefix + "inject"] = "enabled"
    annotations[prefix + "mount"] = "/srv/arena/assets"
    annotations[prefix + "notify"] = "http:POST:8081/reload"
    annotations[prefix + "gate"] = .string(gate)
    return annotations
  }

  private static func roll(out tag: String, partition: Int) -> JSONValue {
    [
      "spec": [
        "updateStrategy": ["rollingUpdate": ["partition": .int(partition)]],
        "gameServerTemplate": ["metadata": ["annotations": assets(tag)]],
      ]
    ]
  }

  /// New assets reach running games: staged, without a restart of the game, and never under a match.
  static let hotReload = DemoScenario(
    name: "hot-reload", title: "new assets for running games, never under a match", set: "arena",
    columns: [.updatePriority, .assets, .reload, .sidecarRestarts, .restarts],
    steps: [
      DemoStep(
        "four servers with the hot-reload sidecar, which admission adds to their pods",
        .apply(arena.object),
        expect: [
          .servers([0, 1, 2, 3]), .each(.state, "Ready"), .each(.assets, "2026.11.1"), .each(.reload, "current"),
        ]),
      DemoStep(
        "server 2 is to be the first, and a match begins on server 0",
        .patchServer(2, ["updatePriority": 10]), .patchServer(0, ["opsState": "Allocated"]),
        expect: [.some(.updatePriority, [2: "10"]), .some(.opsState, [0: "Allocated", 1: "None"])]),
      DemoStep(
        "new assets with a partition of 3: the sidecar of server 2 restarts, its game does not",
        .patchSet(roll(out: "2026.11.2", partition: 3)),
        expect: [
          .some(.assets, [0: "2026.11.1", 1: "2026.11.1", 2: "2026.11.2", 3: "2026.11.1"]), .each(.state, "Ready"),
          .some(.sidecarRestarts, [0: "0", 1: "0", 2: "1", 3: "0"]), .each(.restarts, "0"), .kept(.uid),
        ], steady: .seconds(5)),
      DemoStep(
        "a partition of 0: every free server follows, and the one with a match is left alone",
        .patchSet(roll(out: "2026.11.2", partition: 0)),
        expect: [
          .some(.assets, [0: "2026.11.1", 1: "2026.11.2", 2: "2026.11.2", 3: "2026.11.2"]),
          .some(.reload, [0: "held", 1: "current", 2: "current", 3: "current"]), .each(.state, "Ready"),
          .some(.sidecarRestarts, [0: "0", 1: "1", 2: "1", 3: "1"]), .each(.restarts, "0"), .kept(.uid),
        ], steady: .seconds(10)),
      DemoStep(
        "the match ends, and server 0 gets its assets",
        .patchServer(0, ["opsState": "None"]),
        expect: [
          .each(.assets, "2026.11.2"), .each(.reload, "current"), .each(.state, "Ready"), .each(.restarts, "0"),
          .each(.sidecarRestarts, "1"), .kept(.uid), .kept(.node),
        ]),
    ])
}
