import JSON
import Kubernetes
import SimulatedCluster
import Testing

@testable import Controllers

@Suite("The controllers in a simulated cluster")
struct ScenarioTests {
  static func demo(replicas: Int = 3, _ spec: JSONValue = [:]) -> JSONValue {
    var fields: JSONValue = [
      "replicas": .int(replicas),
      "updateStrategy": ["rollingUpdate": ["podUpdatePolicy": "InPlaceIfPossible", "maxUnavailable": 1]],
      "gameServerTemplate": [
        "metadata": ["labels": ["app": "demo"]],
        "spec": ["containers": [["name": "game", "image": "game:1"]]],
      ],
    ]
    for member in spec.object?.members ?? [] {
      fields[member.name] = JSONMergePatch.apply(member.value, to: fields[member.name] ?? .null)
    }
    return [
      "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet", "metadata": ["name": "demo"], "spec": fields,
    ]
  }

  @Test("row 1: a set becomes a workload, pods and ready game servers")
  func deploy() async throws {
    let harness = try await Harness()
    try await harness.apply(Self.demo())
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2])
    for name in ["demo-0", "demo-1", "demo-2"] {
      let server = try #require(harness.server(name))
      #expect(server.status?["currentState"]?.string == "Ready")
      #expect(server.opsState == "None")
      #expect(server.status?["updatePriority"]?.string == "0")
    }
    #expect(harness.set()?.status?["readyReplicas"]?.int == 3)
    #expect(harness.set()?.status?["currentReplicas"]?.int == 3)
    // A start is no news.
    #expect(harness.events.messages("GsStateChanged") == [])
  }

  @Test(
    "a turn of the state is told unless it was asked for",
    arguments: [
      ("Ready", .crash, .warning), ("Ready", .notReady, .normal), ("NotReady", .ready, .normal),
      ("Updating", .notReady, .normal), ("Creating", .crash, .warning), ("Ready", .deleting, .normal),
      ("Ready", .updating, nil), ("Updating", .ready, nil), ("Creating", .ready, nil), ("Ready", .ready, nil),
      ("", .ready, nil),
    ] as [(String, GameServerState, ClusterEvent.Kind?)])
  func turns(_ old: String, _ new: GameServerState, _ kind: ClusterEvent.Kind?) {
    #expect(StateTurn(from: old, to: new)?.event(.surprises)?.kind == kind)
  }

  @Test("every turn is told to those who want to hear of everything")
  func everything() {
    for (old, new) in [("Creating", GameServerState.ready), ("Ready", .updating), ("Updating", .ready)] {
      let event = StateTurn(from: old, to: new)?.event(.everything)
      #expect(event?.reason == "GsStateChanged")
      #expect(event?.kind == .normal)
      #expect(event?.message == "State turn from \(old) to \(new.rawValue) ")
    }
    #expect(StateTurn(from: "Ready", to: .ready) == nil)
  }

  @Test("a state that lasts is told when the game server shows it, and once")
  func stateEvents() async throws {
    let harness = try await Harness()
    try await harness.apply(Self.demo(replicas: 1))
    try await harness.run()
    let key = NamespacedName("default", "demo-0")
    try await harness.client.patch(
      .pods, key, subresource: "status",
      .merge(["status": ["conditions": [["type": "Ready", "status": "False"]]]]))
    // The node's next look at the pod finds it ready.
    try await harness.run()
    harness.resync()
    try await harness.run()
    #expect(
      harness.events.messages("GsStateChanged") == [
        "State turn from Ready to NotReady ", "State turn from NotReady to Ready ",
      ])
  }

  @Test("rows 4 to 8: scale in takes the servers that users chose, scale out fills the holes")
  func scale() async throws {
    let harness = try await Harness()
    try await harness.apply(Self.demo())
    try await harness.run()
    try await harness.patchSet("demo", ["spec": ["replicas": 5]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2, 3, 4])
    try await harness.patchServer("demo-2", ["opsState": "WaitToBeDeleted"])
    try await harness.run()
    try await harness.patchSet("demo", ["spec": ["replicas": 4]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 3, 4])
    try await harness.patchServer("demo-3", ["deletionPriority": 100])
    try await harness.run()
    try await harness.patchSet("demo", ["spec": ["replicas": 3]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 4])
    try await harness.patchSet("demo", ["spec": ["replicas": 5]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2, 3, 4])
  }

  @Test("row 15: Kill takes a server out and the number with it")
  func kill() async throws {
    let harness = try await Harness()
    try await harness.apply(Self.demo())
    try await harness.run()
    try await harness.patchServer("demo-1", ["opsState": "Kill"])
    try await harness.run()
    #expect(harness.ordinals() == [0, 2])
    #expect(harness.set()?.replicas == 2)
    #expect(harness.set()?.reserveGameServerIDs == [])
    try await harness.patchSet("demo", ["spec": ["replicas": 3]])
    try await harness.run()
    #expect(harness.ordinals() == [0, 1, 2])
  }

  @Test("rows 20 and 23: an image changes in place, by priority and partition")
  func update() async throws {
    let harness = try await Harness()
    try await harness.apply(Self.demo())
    try await harness.run()
    let uids = ["demo-0", "demo-1", "demo-2"].map { harness.pod($0)?.metadata.uid }
    try await harness.patchServer("demo-1", ["updatePriority": 10])
    try await harness.run()
    try await harness.patchSet(
      "demo",
      [
        "spec": [
          "updateStrategy": ["rollingUpdate": ["partition": 2]],
          "gameServerTemplate": ["spec": ["containers": [["name": "game", "image": "game:2"]]]],
        ]
      ])
    try await harness.run()
    let images = { ["demo-0", "demo-1", "demo-2"].map { harness.pod($0)?.containers[0].image } }
    #expect(images() == ["game:1", "game:2", "game:1"])
    try await harness.patchSet("demo", ["spec": ["updateStrategy": ["rollingUpdate": ["partition": 0]]]])
    try await harness.run()
    #expect(images() == ["game:2", "game:2", "game:2"])
    #expect(["demo-0", "demo-1", "demo-2"].map { harness.pod($0)?.metadata.uid } == uids)
    #expect(harness.pod("demo-0")?.containerStatuses[0].restartCount == 1)
    #expect(harness.server("demo-0")?.status?["currentState"]?.string == "Ready")
    #expect(harness.set()?.status?["updatedReplicas"]?.int == 3)
  }

  @Test("writes nothing when there is nothing to do")
  func quiet() async throws {
    let harness = try await Harness()
    try await harness.apply(Self.demo())
    try await harness.run()
    let before = harness.writer.count
    try await harness.run(.seconds(600))
    #expect(harness.writer.count == before)
  }
}
