import JSON
import KubeClient
import Kubernetes
import TestSupport

/// What a user does to a cluster in which the product runs, and what must have come of it.
///
/// Only the API is used, so a scenario runs against any API server. Each has a set of its own, whose servers outlive their pods, because a
/// bare API server has no garbage collector.
struct UserScenario: Sendable {
  /// The name of the set, and of the scenario.
  let name: String
  /// The rows of the table of user scenarios that it plays.
  let rows: String
  let replicas: Int
  let spec: JSONValue
  let play: @Sendable (Stage) async throws -> Void

  /// A set in a cluster.
  struct Stage: Sendable {
    let cluster: TestCluster
    let set: String

    /// Changes the set.
    func change(_ spec: JSONValue) async throws {
      try await cluster.client.patch(
        .gameServerSets, NamespacedName("default", set), .merge(["spec": spec]))
    }

    /// Changes a game server.
    func server(_ ordinal: Int, _ spec: JSONValue) async throws {
      try await cluster.client.patch(
        .gameServers, NamespacedName("default", "\(set)-\(ordinal)"), .merge(["spec": spec]))
    }

    /// The pods of the set by ordinal.
    func pods() async throws -> [Int: Pod] {
      let pods = try await cluster.client.list(
        .pods, namespace: "default", labelSelector: "\(GameLabels.ownerSet)=\(set)", fieldSelector: "")
      return Dictionary(pods.map { ($0.as(Pod.self).ordinal, $0.as(Pod.self)) }, uniquingKeysWith: { one, _ in one })
    }

    /// Waits until exactly these ordinals have pods that are ready, and game servers that say so.
    func settle(_ ordinals: [Int]) async throws {
      try await cluster.wait("\(set) has \(ordinals)") {
        let pods = try await pods()
        guard pods.keys.sorted() == ordinals, pods.values.allSatisfy({ $0.isReady && !$0.metadata.isBeingDeleted })
        else { return false }
        return try await cluster.states(set) == ordinals.map { _ in "Ready" }
      }
    }

    /// Waits until a label of a pod has a value.
    func label(_ ordinal: Int, _ key: String, _ value: String) async throws {
      try await cluster.wait("\(set)-\(ordinal) has \(key)=\(value)") {
        try await pods()[ordinal]?.metadata.labels[key] == value
      }
    }

    /// Waits until the images of the first container are these.
    func images(_ images: [Int: String]) async throws {
      try await cluster.wait("\(set) has images \(images)") {
        let pods = try await pods()
        return images.allSatisfy { ordinal, image in
          pods[ordinal]?.containers.first?.image == image && pods[ordinal]?.isReady == true
        }
      }
    }
  }

  /// Plays the scenario and takes its objects away.
  func run(_ cluster: TestCluster) async throws {
    var set = TestCluster.set(name, replicas: replicas)
    set["spec"]?["network"] = nil
    set["spec"]?["gameServerTemplate"]?["reclaimPolicy"] = "Delete"
    set["spec"]?["updateStrategy"] = [
      "rollingUpdate": ["podUpdatePolicy": "InPlaceIfPossible", "maxUnavailable": "100%"]
    ]
    if let fields = set["spec"] { set["spec"] = JSONMergePatch.apply(spec, to: fields) }
    try await cluster.client.create(.gameServerSets, namespace: "default", set)
    let stage = Stage(cluster: cluster, set: name)
    try await stage.settle(Array(0..<replicas))
    try await play(stage)
    try await stage.change(["replicas": 0])
    try await stage.settle([])
    for resource in [Resource.gameServerSets, .advancedStatefulSets] {
      do throws(KubernetesError) {
        try await cluster.client.delete(resource, NamespacedName("default", name))
      } catch {
        // Where there is a garbage collector, the workload goes with its set.
        guard error.code == .notFound else { throw error }
      }
    }
  }
}

extension UserScenario {
  /// A dozen that need no cloud.
  static let dozen = [
    UserScenario(name: "scale-out", rows: "4", replicas: 1, spec: [:]) { stage in
      try await stage.change(["replicas": 3])
      try await stage.settle([0, 1, 2])
    },
    UserScenario(name: "wait-to-be-deleted", rows: "5, 6", replicas: 3, spec: [:]) { stage in
      try await stage.server(1, ["opsState": "WaitToBeDeleted"])
      try await stage.label(1, GameLabels.opsState, "WaitToBeDeleted")
      try await stage.change(["replicas": 2])
      try await stage.settle([0, 2])
    },
    UserScenario(name: "deletion-priority", rows: "7", replicas: 3, spec: [:]) { stage in
      try await stage.server(0, ["deletionPriority": 100])
      try await stage.label(0, GameLabels.deletePriority, "100")
      try await stage.change(["replicas": 2])
      try await stage.settle([1, 2])
    },
    UserScenario(name: "allocated", rows: "5", replicas: 3, spec: [:]) { stage in
      try await stage.server(2, ["opsState": "Allocated"])
      try await stage.label(2, GameLabels.opsState, "Allocated")
      try await stage.change(["replicas": 1])
      try await stage.settle([2])
    },
    UserScenario(name: "maintaining", rows: "18", replicas: 2, spec: [:]) { stage in
      try await stage.server(1, ["opsState": "Maintaining"])
      try await stage.label(1, GameLabels.opsState, "Maintaining")
      try await stage.change(["replicas": 1])
      try await stage.settle([1])
    },
    UserScenario(name: "kill", rows: "15", replicas: 3, spec: [:]) { stage in
      try await stage.server(1, ["opsState": "Kill"])
      try await stage.settle([0, 2])
    },
    UserScenario(name: "reserve-id", rows: "9", replicas: 3, spec: [:]) { stage in
      try await stage.change(["replicas": 2, "reserveGameServerIds": [1]])
      try await stage.settle([0, 2])
    },
    UserScenario(name: "reserve-range", rows: "10 to 12", replicas: 4, spec: [:]) { stage in
      try await stage.change(["reserveGameServerIds": ["1-2"]])
      try await stage.settle([0, 3, 4, 5])
      try await stage.change(["reserveGameServerIds": []])
      try await stage.change(["replicas": 5])
      try await stage.settle([0, 1, 3, 4, 5])
    },
    UserScenario(
      name: "reserve-ids", rows: "13", replicas: 3, spec: ["scaleStrategy": ["scaleDownStrategyType": "ReserveIds"]]
    ) { stage in
      try await stage.change(["replicas": 1])
      try await stage.settle([0])
      try await stage.cluster.wait("the ids are written back") {
        let set = try await stage.cluster.find(.gameServerSets, "default", stage.set)?.as(GameServerSet.self)
        return set?.metadata.annotations[GameAnnotations.reserveIDs] == "1,2"
      }
      try await stage.change(["replicas": 2])
      try await stage.settle([0, 3])
    },
    UserScenario(name: "hot-update", rows: "20, 23", replicas: 3, spec: [:]) { stage in
      let uids = try await stage.pods().mapValues(\.metadata.uid)
      try await stage.server(1, ["updatePriority": 10])
      try await stage.label(1, GameLabels.updatePriority, "10")
      try await stage.change([
        "updateStrategy": ["rollingUpdate": ["partition": 2]],
        "gameServerTemplate": ["spec": ["containers": [["name": "game", "image": "game:2"]]]],
      ])
      try await stage.images([0: "game:1", 1: "game:2", 2: "game:1"])
      try await stage.change(["updateStrategy": ["rollingUpdate": ["partition": 0]]])
      try await stage.images([0: "game:2", 1: "game:2", 2: "game:2"])
      guard try await stage.pods().mapValues(\.metadata.uid) == uids else {
        throw TestCluster.Late(description: "an update in place made pods anew")
      }
    },
    UserScenario(name: "one-image", rows: "27", replicas: 2, spec: [:]) { stage in
      try await stage.server(0, ["containers": [["name": "game", "image": "game:hotfix"]]])
      try await stage.images([0: "game:hotfix", 1: "game:1"])
    },
    UserScenario(name: "survives-its-pod", rows: "17", replicas: 2, spec: [:]) { stage in
      try await stage.server(1, ["deletionPriority": 77])
      try await stage.label(1, GameLabels.deletePriority, "77")
      let uid = try await stage.pods()[1]?.metadata.uid
      try await stage.cluster.client.delete(.pods, NamespacedName("default", "\(stage.set)-1"))
      try await stage.cluster.wait("the pod is made anew") {
        guard let new = try await stage.pods()[1] else { return false }
        return new.metadata.uid != uid && !new.metadata.isBeingDeleted
      }
      try await stage.settle([0, 1])
      try await stage.label(1, GameLabels.deletePriority, "77")
    },
  ]
}
