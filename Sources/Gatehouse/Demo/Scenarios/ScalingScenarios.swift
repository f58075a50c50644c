import JSON

extension DemoScenario {
  private static let world = DemoSet(name: "world")

  /// One server goes and the others stay, by its number.
  static let takeOut = DemoScenario(
    name: "take-out", title: "one server is taken out, by its number", set: "world", columns: [.node],
    steps: [
      DemoStep(
        "three worlds", .apply(world.object), expect: [.servers([0, 1, 2]), .each(.state, "Ready")]),
      DemoStep(
        "world 1 goes offline, the other two stay as they are",
        .patchSet(["spec": ["replicas": 2, "reserveGameServerIds": [1]]]),
        expect: [.servers([0, 2]), .each(.state, "Ready"), .kept(.uid)]),
      DemoStep(
        "world 2 moves to another number while the count stays",
        .patchSet(["spec": ["reserveGameServerIds": ["1-2"]]]),
        expect: [.servers([0, 3]), .each(.state, "Ready"), .kept(.uid)]),
    ])

  private static let match = DemoSet(name: "match")

  /// A server asks to be removed and the set shrinks with it.
  static let kill = DemoScenario(
    name: "kill", title: "a server that asks to be removed", set: "match", columns: [.node],
    steps: [
      DemoStep("three matches", .apply(match.object), expect: [.servers([0, 1, 2]), .each(.state, "Ready")]),
      DemoStep(
        "match 1 is over: it goes, and the set wants one server less",
        .patchServer(1, ["opsState": "Kill"]),
        expect: [.servers([0, 2]), .field("spec.replicas", "2"), .each(.state, "Ready"), .kept(.uid)]),
      DemoStep(
        "a third match takes the free number",
        .patchSet(["spec": ["replicas": 3]]),
        expect: [.servers([0, 1, 2]), .each(.state, "Ready"), .each(.opsState, "None")]),
    ])

  private static let raid = DemoSet(name: "raid", replicas: 5)

  /// Scale-in takes the servers that say that they may go.
  static let scaleIn = DemoScenario(
    name: "scale-in", title: "scale-in takes the servers that may go", set: "raid",
    columns: [.deletionPriority, .node],
    steps: [
      DemoStep(
        "five raids", .apply(raid.object), expect: [.servers([0, 1, 2, 3, 4]), .each(.state, "Ready")]),
      DemoStep(
        "raid 2 is done and says so",
        .patchServer(2, ["opsState": "WaitToBeDeleted"]),
        expect: [.some(.opsState, [2: "WaitToBeDeleted"]), .field("status.waitToBeDeletedReplicas", "1")]),
      DemoStep(
        "one server less: raid 2 goes, not the one with the highest number",
        .patchSet(["spec": ["replicas": 4]]), expect: [.servers([0, 1, 3, 4]), .kept(.uid)]),
      DemoStep(
        "raid 0 is to go next, and raid 4 is in use",
        .patchServer(0, ["deletionPriority": 100]), .patchServer(4, ["opsState": "Allocated"]),
        expect: [.some(.deletionPriority, [0: "100"]), .some(.opsState, [4: "Allocated"])]),
      DemoStep(
        "two servers less: 0 by its priority, 3 by its number, and never the one in use",
        .patchSet(["spec": ["replicas": 2]]), expect: [.servers([1, 4]), .kept(.uid)]),
    ])

  private static let chess = DemoSet(
    name: "chess",
    spec: [
      "serviceQualities": [
        [
          "name": "idle", "containerName": "game", "permanent": false, "periodSeconds": 5,
          "exec": ["command": ["/bin/sh", "-c", "test ! -s /var/run/chess/players"]],
          "serviceQualityAction": [
            ["state": true, "opsState": "WaitToBeDeleted", "deletionPriority": 100],
            ["state": false, "opsState": "Allocated", "deletionPriority": 0],
          ],
        ]
      ]
    ],
    annotations: ["game.kruise.io/protect": "Allocated"])

  /// The game tells whether anybody plays, and scale-in listens.
  static let serviceQuality = DemoScenario(
    name: "service-quality", title: "the game says when nobody plays, and scale-in listens", set: "chess",
    columns: [.deletionPriority, .node],
    steps: [
      DemoStep(
        "three servers with a probe for players", .apply(chess.object),
        expect: [.servers([0, 1, 2]), .each(.state, "Ready")]),
      DemoStep(
        "nobody plays anywhere: every server may go",
        .probe("idle", of: nil, succeeds: true),
        expect: [
          .each(.opsState, "WaitToBeDeleted"), .each(.deletionPriority, "100"),
          .field("status.waitToBeDeletedReplicas", "3"),
        ]),
      DemoStep(
        "players join server 1",
        .probe("idle", of: 1, succeeds: false),
        expect: [.some(.opsState, [0: "WaitToBeDeleted", 1: "Allocated"]), .some(.deletionPriority, [1: "0"])]),
      DemoStep(
        "a set with players in it cannot be deleted by mistake",
        .refused(.deleteSet, with: "Allocated"), expect: [.servers([0, 1, 2]), .kept(.uid)]),
      DemoStep(
        "one server is enough: the one with the players stays",
        .patchSet(["spec": ["replicas": 1]]), expect: [.servers([1]), .each(.state, "Ready"), .kept(.uid)]),
    ])
}
