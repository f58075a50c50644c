import JSON
import Kubernetes
import SimulatedCluster
import Testing

@testable import Controllers

/// A cluster as OpenKruiseGame leaves it, written down from the field tables of its contract and not by the code under test.
private enum FormerCluster {
  static let set: JSONValue = [
    "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet",
    "metadata": ["name": "demo", "annotations": ["game.kruise.io/reserve-ids": "1"]],
    "spec": [
      "replicas": 3, "reserveGameServerIds": [1],
      "updateStrategy": ["rollingUpdate": ["podUpdatePolicy": "InPlaceIfPossible", "maxUnavailable": "50%"]],
      "network": [
        "networkType": "Kubernetes-NodePort",
        "networkConf": [["name": "PortProtocols", "value": "80/TCP"], ["name": "Note", "value": "a<b>&c"]],
      ],
      "gameServerTemplate": [
        "reclaimPolicy": "Delete",
        "metadata": ["labels": ["app": "demo"], "annotations": ["team": "blue"]],
        "spec": ["containers": [["name": "game", "image": "game:1"]], "terminationGracePeriodSeconds": 5],
      ],
    ],
  ]

  static let template: JSONValue = [
    "metadata": [
      "labels": ["app": "demo", "game.kruise.io/owner-gss": "demo"],
      "annotations": [
        "team": "blue", "game.kruise.io/network-type": "Kubernetes-NodePort",
        "game.kruise.io/network-conf":
          #"[{"name":"PortProtocols","value":"80/TCP"},{"name":"Note","value":"a\u003cb\u003e\u0026c"}]"#,
      ],
    ],
    "spec": [
      "containers": [["name": "game", "image": "game:1"]], "terminationGracePeriodSeconds": 5,
      "readinessGates": [["conditionType": "InPlaceUpdateReady"]],
    ],
  ]

  static func workload(owner uid: String) -> JSONValue {
    [
      "apiVersion": "apps.kruise.io/v1beta1", "kind": "StatefulSet",
      "metadata": [
        "name": "demo", "annotations": ["game.kruise.io/asts-hash": "3519421742"],
        "ownerReferences": [
          [
            "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet", "name": "demo", "uid": .string(uid),
            "controller": true, "blockOwnerDeletion": true,
          ]
        ],
      ],
      "spec": [
        "selector": ["matchLabels": ["game.kruise.io/owner-gss": "demo"]], "replicas": 3, "reserveOrdinals": [1],
        "serviceName": "demo", "podManagementPolicy": "Parallel", "template": template, "scaleStrategy": [:],
        "updateStrategy": [
          "type": "RollingUpdate",
          "rollingUpdate": [
            "podUpdatePolicy": "InPlaceIfPossible", "maxUnavailable": "50%",
            "unorderedUpdate": [
              "priorityStrategy": ["orderPriority": [["orderedKey": "game.kruise.io/gs-update-priority"]]]
            ],
          ],
        ],
      ],
    ]
  }

  static func server(_ name: String, _ opsState: String, owner uid: String) -> JSONValue {
    [
      "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServer",
      "metadata": [
        "name": .string(name),
        "labels": ["app": "demo", "game.kruise.io/owner-gss": "demo", "match": "ranked"],
        "annotations": ["team": "blue", "game.kruise.io/gsTemplate-metadata-hash": "99183", "note": "by hand"],
        "ownerReferences": [
          [
            "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet", "name": "demo", "uid": .string(uid),
            "controller": true, "blockOwnerDeletion": true,
          ]
        ],
      ],
      "spec": [
        "networkDisabled": false, "opsState": .string(opsState), "updatePriority": 7, "deletionPriority": "3",
      ],
    ]
  }

  /// The labels and annotations that its controllers leave on a pod.
  static func podMarks(_ opsState: String) -> JSONValue {
    [
      "metadata": [
        "labels": [
          "game.kruise.io/gs-opsState": .string(opsState), "game.kruise.io/gs-state": "Ready",
          "game.kruise.io/gs-update-priority": "7", "game.kruise.io/gs-delete-priority": "3",
          "game.kruise.io/network-disabled": "false",
        ],
        "annotations": ["game.kruise.io/network-trigger-time": "2026-01-01T00:00:00Z"],
      ]
    ]
  }
}

@Suite("Taking a cluster over from OpenKruiseGame")
struct TakeOverTests {
  private let names = ["demo-0", "demo-2", "demo-3"]

  /// A cluster that ran under the former manager until now, with nobody at work.
  private func formerCluster() async throws -> Harness {
    let harness = try await Harness()
    harness.cacheFeed.isPaused = true
    try await harness.apply(FormerCluster.set)
    try await harness.settle()
    let uid = try #require(harness.set()?.metadata.uid)
    try await harness.client.create(
      .advancedStatefulSets, namespace: "default", FormerCluster.workload(owner: uid))
    try await harness.run()
    for (name, state) in zip(names, ["None", "Allocated", "Maintaining"]) {
      let key = NamespacedName("default", name)
      try await harness.client.create(
        .gameServers, namespace: "default", FormerCluster.server(name, state, owner: uid))
      try await harness.client.patch(.pods, key, .merge(FormerCluster.podMarks(state)))
    }
    try await harness.run()
    return harness
  }

  @Test("no pod is restarted, made anew or told to change, and the workload's revision stays")
  func pods() async throws {
    let harness = try await formerCluster()
    let workloadKey = NamespacedName("default", "demo")
    func revision() -> String? {
      harness.store.object(.advancedStatefulSets, workloadKey)?.json["status"]?["updateRevision"]?.string
    }
    func pods() -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: names.map { name in
          let pod = harness.pod(name)
          return (name, "\(pod?.metadata.uid ?? "") \(pod?.json["spec"]?.text ?? "") \(restarts(pod))")
        })
    }
    let (before, oldRevision) = (pods(), revision())
    try #require(oldRevision?.isEmpty == false)
    #expect(harness.ordinals() == [0, 2, 3])
    harness.cacheFeed.isPaused = false
    try await harness.run(.seconds(600))
    #expect(pods() == before)
    #expect(revision() == oldRevision)
    let template = harness.store.object(.advancedStatefulSets, workloadKey)?.json["spec"]?["template"]
    #expect(template.map(JSONValue.init) == FormerCluster.template)
    #expect(harness.store.objects(.controllerRevisions, .all(namespace: nil)).count == 1)
  }

  private func restarts(_ pod: Pod?) -> Int { pod?.containerStatuses.reduce(0) { $0 + $1.restartCount } ?? 0 }

  @Test("game servers keep their specification, labels and annotations, and pods their marks")
  func servers() async throws {
    let harness = try await formerCluster()
    let specs = names.map { harness.server($0)?.json["spec"]?.text }
    let labels = names.map { harness.pod($0)?.metadata.labels.dictionary }
    harness.cacheFeed.isPaused = false
    try await harness.run(.seconds(600))
    #expect(names.map { harness.server($0)?.json["spec"]?.text } == specs)
    #expect(names.map { harness.pod($0)?.metadata.labels.dictionary } == labels)
    for name in names {
      let server = try #require(harness.server(name))
      #expect(server.metadata.labels["match"] == "ranked")
      #expect(server.metadata.annotations["note"] == "by hand")
      #expect(server.status?["currentState"]?.string == "Ready")
    }
    #expect(harness.set()?.status?["maintainingReplicas"]?.int == 1)
    #expect(harness.set()?.reserveGameServerIDs == [.int(1)])
  }

  @Test("settles within a write of the workload and two of each server, and is quiet from then on")
  func quiet() async throws {
    let harness = try await formerCluster()
    harness.cacheFeed.isPaused = false
    try await harness.run(.seconds(600))
    let writes = harness.writer.count
    #expect(writes <= 2 + 3 * names.count)
    harness.resync()
    try await harness.run(.seconds(600))
    #expect(harness.writer.count == writes)
  }
}
