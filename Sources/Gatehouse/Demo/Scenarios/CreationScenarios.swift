import JSON

extension DemoScenario {
  private static let lobby = DemoSet(name: "lobby")

  /// A set becomes servers, admission fills in and refuses, and a lost GameServer comes back.
  static let create = DemoScenario(
    name: "create", title: "a set becomes game servers", set: "lobby",
    columns: [.updatePriority, .deletionPriority, .node, .image],
    steps: [
      DemoStep(
        "a set of three is applied: admission completes it, and the servers come up",
        .apply(lobby.object),
        expect: [
          .servers([0, 1, 2]), .each(.state, "Ready"), .each(.opsState, "None"), .each(.updatePriority, "0"),
          .field("spec.updateStrategy.type", "RollingUpdate"),
          .field("spec.scaleStrategy.scaleDownStrategyType", "General"), .field("status.readyReplicas", "3"),
        ]),
      DemoStep(
        "a set with a mistake is refused before anything is stored",
        .refused(
          .apply(DemoSet(name: "broken", spec: ["reserveGameServerIds": [1, 1, "5-2"]]).object),
          with: "reserveGameServerIds"),
        expect: [.servers([0, 1, 2])]),
      DemoStep(
        "a GameServer that is deleted by hand comes back, and its pod never notices",
        .deleteServer(1), expect: [.servers([0, 1, 2]), .each(.state, "Ready"), .kept(.uid), .kept(.restarts)]),
    ])

  private static let minecraft = DemoSet(
    name: "minecraft",
    spec: [
      "network": [
        "networkType": "Kubernetes-HostPort",
        "networkConf": [["name": "ContainerPorts", "value": "game:25565/TCP,19132/UDP"]],
      ]
    ],
    ports: [["containerPort": 25565], ["containerPort": 19132, "protocol": "UDP"]])

  /// Every server gets ports of its node, and keeps them.
  static let hostPorts = DemoScenario(
    name: "host-ports", title: "every server gets ports of its own on its node", set: "minecraft",
    columns: [.node, .hostPorts, .network],
    steps: [
      DemoStep(
        "three servers with two ports each: admission chooses them, with no call to the API server",
        .apply(minecraft.object),
        expect: [
          .servers([0, 1, 2]), .each(.state, "Ready"), .hostPorts(2, 8000...9000), .each(.network, "Ready"),
        ]),
      DemoStep(
        "a pod that is made anew under the same name gets the same ports",
        .deletePod(1),
        expect: [
          .servers([0, 1, 2]), .each(.state, "Ready"), .changed(.uid, 1), .kept(.hostPorts), .each(.network, "Ready"),
        ]),
      DemoStep(
        "two more servers find ports that are free",
        .patchSet(["spec": ["replicas": 5]]),
        expect: [
          .servers([0, 1, 2, 3, 4]), .each(.state, "Ready"), .hostPorts(2, 8000...9000), .kept(.hostPorts),
          .each(.network, "Ready"),
        ]),
      DemoStep(
        "another network type would cut the players off, so it is refused",
        .refused(.patchSet(["spec": ["network": ["networkType": "Kubernetes-NodePort"]]]), with: "network type"),
        expect: [.servers([0, 1, 2, 3, 4]), .kept(.hostPorts)]),
    ])
}
