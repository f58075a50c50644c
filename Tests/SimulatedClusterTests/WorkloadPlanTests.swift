import JSON
import Kubernetes
import Testing

@testable import SimulatedCluster

/// The rules of OpenKruise's Advanced StatefulSet, one table each.
struct WorkloadPlanTests {
  /// A pod in short: `4` is ready and on the newest revision; `4o` on the old one; `u` unready, `n` ready
  /// since a moment ago, `d` being deleted, `f` failed.
  struct Row: Sendable, CustomStringConvertible {
    let description: String
    var replicas = 3
    var spec: JSONValue = [:]
    var rolling: JSONValue = [:]
    /// Whether the template differs in its image, or in more than that.
    var isImageChange = true
    var pods: [String] = ["0", "1", "2"]
    var labels: [Int: [String: String]] = [:]
    let expected: [WorkloadAction]
  }

  private static func name(_ ordinal: Int) -> String { "web-\(ordinal)" }
  private static func deletes(_ ordinals: Int...) -> [WorkloadAction] { ordinals.map { .delete(name($0)) } }
  private static func creates(_ ordinals: Int...) -> [WorkloadAction] {
    ordinals.map { .create(ordinal: $0, revision: "new") }
  }
  private static func updates(_ ordinals: Int...) -> [WorkloadAction] { ordinals.map { .beginInPlace(name($0)) } }
  private static let inPlace: JSONValue = ["podUpdatePolicy": "InPlaceIfPossible"]

  private static func rolling(_ more: JSONValue) -> JSONValue {
    var rolling = inPlace
    for member in more.object?.members ?? [] { rolling[member.name] = member.value }
    return rolling
  }

  @Test(
    "ordinals, reserved ones and limits of creation",
    arguments: [
      Row(description: "all there", expected: []),
      Row(description: "all missing", pods: [], expected: creates(0, 1, 2)),
      Row(description: "a gap is filled", pods: ["0", "2"], expected: creates(1)),
      Row(description: "condemned from the highest", replicas: 1, expected: deletes(2, 1)),
      Row(description: "reserved", spec: ["reserveOrdinals": [1]], expected: deletes(1) + creates(3)),
      Row(description: "a reserved range", spec: ["reserveOrdinals": ["0-1"]], expected: deletes(1, 0) + creates(3, 4)),
      Row(description: "failed pods go", pods: ["0", "1f", "2"], expected: deletes(1)),
      Row(description: "a pod that ends keeps its name", pods: ["0", "1d", "2"], expected: []),
      Row(
        description: "creation stops at its limit", replicas: 5, spec: ["scaleStrategy": ["maxUnavailable": 2]],
        pods: ["0", "1u"], expected: creates(2)),
      Row(
        description: "a limit in percent is rounded down, but one may always be made", replicas: 5,
        spec: ["scaleStrategy": ["maxUnavailable": "10%"]], pods: [], expected: creates(0)),
    ])
  func scaling(_ row: Row) throws { try check(row) }

  @Test(
    "partition, unavailability and order of updates",
    arguments: [
      Row(
        description: "highest first, one at a time", rolling: inPlace, pods: ["0o", "1o", "2o"], expected: updates(2)),
      Row(
        description: "as many as may be unavailable", rolling: rolling(["maxUnavailable": 2]),
        pods: ["0o", "1o", "2o"],
        expected: updates(2, 1)),
      Row(
        description: "percent is rounded down", replicas: 3, rolling: rolling(["maxUnavailable": "70%"]),
        pods: ["0o", "1o", "2o"], expected: updates(2, 1)),
      Row(
        description: "an unready pod uses up the number", rolling: inPlace, pods: ["0u", "1o", "2o"], expected: []),
      Row(
        description: "an unready pod may be updated itself", rolling: inPlace, pods: ["0ou", "1o", "2o"],
        expected: updates(0)),
      Row(
        description: "a missing pod uses up the number", replicas: 4, rolling: inPlace, pods: ["0o", "1o", "2o"],
        expected: creates(3)),
      Row(
        description: "partition keeps so many", rolling: rolling(["partition": 2, "maxUnavailable": 3]),
        pods: ["0o", "1o", "2o"], expected: updates(2)),
      Row(
        description: "what is updated counts for the partition",
        rolling: rolling(["partition": 2, "maxUnavailable": 3]),
        pods: ["0o", "1o", "2"], expected: []),
      Row(
        description: "what is deleted for its update counts for the partition",
        rolling: ["partition": 1, "maxUnavailable": 3], pods: ["0o", "1od", "2od"], expected: []),
      Row(
        description: "a partition of all keeps all", rolling: rolling(["partition": 5, "maxUnavailable": 3]),
        pods: ["0o", "1o", "2o"], expected: []),
      Row(description: "paused", rolling: rolling(["paused": true]), pods: ["0o", "1o", "2o"], expected: []),
      Row(
        description: "only when deleted", spec: ["updateStrategy": ["type": "OnDelete"]], pods: ["0o", "1o", "2o"],
        expected: []),
      Row(description: "recreated by default", pods: ["0o", "1o", "2o"], expected: deletes(2)),
      Row(
        description: "recreated where more than the image differs", rolling: inPlace, isImageChange: false,
        pods: ["0o", "1o", "2o"], expected: deletes(2)),
      Row(
        description: "not at all where it may only be in place", rolling: ["podUpdatePolicy": "InPlaceOnly"],
        isImageChange: false, pods: ["0o", "1o", "2o"], expected: []),
      Row(
        description: "by the number at the end of a label, the larger first", rolling: priority,
        pods: ["0o", "1o", "2o"], labels: [0: ["p": "x10"], 1: ["p": "-5"], 2: ["p": "none"]], expected: updates(0, 1)),
      Row(
        description: "without the label before all others, ties by ordinal", rolling: priority,
        pods: ["0o", "1o", "2o"],
        labels: [1: ["p": "7"], 2: ["p": "7"]], expected: updates(0, 2)),
    ])
  func updating(_ row: Row) throws { try check(row) }

  private static let priority = rolling([
    "maxUnavailable": 2, "unorderedUpdate": ["priorityStrategy": ["orderPriority": [["orderedKey": "p"]]]],
  ])

  @Test(
    "re-created pods stay on the old revision while fewer than the partition are on it",
    arguments: [(2, ["1o", "2"], "old"), (1, ["1o", "2"], "new"), (0, ["1", "2"], "new"), (3, ["1o", "2o"], "old")])
  func revision(_ partition: Int, _ pods: [String], _ revision: String) throws {
    try check(
      Row(
        description: "", rolling: ["partition": .int(partition), "maxUnavailable": 3, "paused": true], pods: pods,
        expected: [.create(ordinal: 0, revision: revision)]))
  }

  @Test(
    "a pod can be deleted by a label within the number of unavailable pods, whatever the partition",
    arguments: [
      Row(
        description: "one at a time", rolling: ["partition": 3], labels: [0: mark, 1: mark], expected: deletes(0)),
      Row(
        description: "none while another is unready", rolling: ["partition": 3], pods: ["0", "1u", "2"],
        labels: [0: mark], expected: []),
      Row(
        description: "an unready one at once", rolling: ["partition": 3], pods: ["0u", "1", "2"], labels: [0: mark],
        expected: deletes(0)),
    ])
  func specifiedDelete(_ row: Row) throws { try check(row) }

  private static let mark = [GameLabels.specifiedDelete: "true"]

  @Test(
    "life-cycle hooks hold a pod at each step",
    arguments: [
      Row(
        description: "a hooked pod prepares for its update", spec: hooks, rolling: inPlace, pods: ["0o", "1o", "2o"],
        labels: [2: ["hold": "yes"]], expected: [.setLifecycle("web-2", "PreparingUpdate")]),
      Row(
        description: "and waits", spec: hooks, rolling: inPlace, pods: ["0o", "1o", "2o"],
        labels: [2: ["hold": "yes", GameLabels.lifecycleState: "PreparingUpdate"]], expected: []),
      Row(
        description: "until it is let go", spec: hooks, rolling: inPlace, pods: ["0o", "1o", "2o"],
        labels: [2: ["hold": "no", GameLabels.lifecycleState: "PreparingUpdate"]], expected: updates(2)),
      Row(
        description: "an updated pod waits for its hook", spec: hooks,
        labels: [2: [GameLabels.lifecycleState: "Updated"]], expected: []),
      Row(
        description: "and is normal again with it", spec: hooks,
        labels: [2: ["hold": "yes", GameLabels.lifecycleState: "Updated"]],
        expected: [.setLifecycle("web-2", "Normal")]),
      Row(
        description: "a condemned pod prepares for its end", replicas: 2, spec: hooks, labels: [2: ["keep": "yes"]],
        expected: [.setLifecycle("web-2", "PreparingDelete")]),
      Row(
        description: "and goes when it is let go", replicas: 2, spec: hooks,
        labels: [2: [GameLabels.lifecycleState: "PreparingDelete"]], expected: deletes(2)),
      Row(
        description: "a new pod waits for its hook", spec: hooks,
        labels: [2: [GameLabels.lifecycleState: "PreparingNormal"]], expected: []),
      Row(
        description: "and is normal with it", spec: hooks,
        labels: [2: ["born": "yes", GameLabels.lifecycleState: "PreparingNormal"]],
        expected: [.setLifecycle("web-2", "Normal")]),
    ])
  func lifecycle(_ row: Row) throws { try check(row) }

  private static let hooks: JSONValue = [
    "lifecycle": [
      "inPlaceUpdate": ["labelsHandler": ["hold": "yes"]], "preDelete": ["labelsHandler": ["keep": "yes"]],
      "preNormal": ["labelsHandler": ["born": "yes"]],
    ]
  ]

  @Test("a pod is available when it has been ready for long enough, and the plan says when to look again")
  func minReadySeconds() throws {
    let row = Row(
      description: "", rolling: Self.rolling(["minReadySeconds": 10]), pods: ["0o", "1o", "2n"], expected: [])
    let early = try plan(row, at: Timestamp(seconds: 1905))
    #expect(early.actions == [])
    #expect(early.due == Timestamp(seconds: 1910))
    #expect(try plan(row, at: Timestamp(seconds: 1910)).actions == Self.updates(1))
  }

  private func check(_ row: Row) throws {
    let actions = try plan(row, at: Timestamp(seconds: 2000)).actions
    #expect(actions == row.expected)
  }

  /// Pods are ready since second 1000, new ones since 1900.
  private func plan(_ row: Row, at now: Timestamp) throws -> WorkloadPlan {
    var spec = row.spec
    spec["replicas"] = .int(row.replicas)
    if spec["updateStrategy"] == nil { spec["updateStrategy"] = ["rollingUpdate": row.rolling] }
    let workload = KubernetesObject(["metadata": ["name": "web", "namespace": "default"], "spec": spec])
    return WorkloadPlan(
      WorkloadSpec(workload.as(AdvancedStatefulSet.self)), pods: try row.pods.map { try pod($0, row.labels) },
      update: revision("new", image: "game:2", isImageChange: true),
      old: revision("old", image: "game:1", isImageChange: row.isImageChange), now: now)
  }

  private func revision(_ name: String, image: String, isImageChange: Bool) -> WorkloadRevision {
    var container: JSONValue = ["name": "game", "image": .string(image)]
    if !isImageChange { container["args"] = ["--old"] }
    let stored: JSONValue = [
      "metadata": ["name": .string(name)], "data": ["template": ["spec": ["containers": [container]]]],
    ]
    return WorkloadRevision(stored: KubernetesObject(stored))
  }

  private func pod(_ text: String, _ labels: [Int: [String: String]]) throws -> Pod {
    let ordinal = try #require(Int(text.prefix { $0.isNumber }))
    let marks = Set(text.drop { $0.isNumber })
    var all = [GameLabels.revision: marks.contains("o") ? "old" : "new", GameLabels.lifecycleState: "Normal"]
    all.merge(labels[ordinal] ?? [:]) { $1 }
    var metadata: JSONValue = ["name": .string(Self.name(ordinal)), "namespace": "default", "labels": JSONValue(all)]
    if marks.contains("d") { metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z" }
    let since = Timestamp(seconds: marks.contains("n") ? 1900 : 1000)
    let ready = marks.isDisjoint(with: ["u", "f"]) ? "True" : "False"
    let value: JSONValue = [
      "metadata": metadata, "spec": ["containers": [["name": "game", "image": "game:1"]]],
      "status": [
        "phase": marks.contains("f") ? "Failed" : "Running",
        "conditions": [
          ["type": "Ready", "status": .string(ready), "lastTransitionTime": .string(since.description)],
          ["type": "InPlaceUpdateReady", "status": "True"],
        ],
      ],
    ]
    return KubernetesObject(value).as(Pod.self)
  }
}
