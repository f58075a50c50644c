import JSON
import Kubernetes

/// How long the simulated nodes take for what real ones take time for.
public struct NodePace: Sendable {
  /// From being bound to running.
  public var start: Duration
  /// From running to passing the readiness probe.
  public var becomeReady: Duration
  /// From a new image to the container running it.
  public var restart: Duration
  /// From being told to end to being gone, at most the pod's grace period.
  public var stop: Duration

  /// A second for each.
  public init(
    start: Duration = .seconds(1), becomeReady: Duration = .seconds(1), restart: Duration = .seconds(1),
    stop: Duration = .seconds(1)
  ) {
    self.start = start
    self.becomeReady = becomeReady
    self.restart = restart
    self.stop = stop
  }
}

/// What kubelet does with one pod next; pure.
struct PodLife: Sendable {
  enum Step: Sendable, Equatable {
    /// Nothing until the pod changes.
    case rest
    /// Nothing until then.
    case wait(Timestamp)
    /// The pod's status becomes this.
    case report(JSONValue)
    /// The pod is gone.
    case remove
  }

  let pace: NodePace
  let now: Timestamp

  func next(_ pod: Pod) -> Step {
    if pod.metadata.isBeingDeleted { return end(pod) }
    guard !pod.isTerminal else { return .rest }
    guard let started = (pod.status?["startTime"]?.string).flatMap(Timestamp.init) else { return .report(begin(pod)) }
    guard pod.phase == "Running" else {
      let due = started + pace.start
      return now < due ? .wait(due) : .report(run(pod))
    }
    if let step = restart(pod) { return step }
    return readiness(pod)
  }

  private func end(_ pod: Pod) -> Step {
    guard let text = pod.metadata.deletionTimestamp, let latest = Timestamp(text) else { return .rest }
    let grace = Duration.seconds(pod.metadata.json?["deletionGracePeriodSeconds"]?.int ?? 0)
    let due = min(latest, latest + (.zero - grace) + pace.stop)
    return now < due ? .wait(due) : .remove
  }

  /// The status of a pod that a node has taken up.
  private func begin(_ pod: Pod) -> JSONValue {
    let statuses = pod.containers.map { container -> JSONValue in
      [
        "name": .string(container.name), "image": .string(container.image), "imageID": "", "ready": false,
        "restartCount": 0, "state": ["waiting": ["reason": "ContainerCreating"]], "lastState": .object(JSONObject()),
      ]
    }
    return [
      "phase": "Pending", "startTime": .string(now.description), "containerStatuses": .array(statuses),
      "conditions": [
        condition("Initialized", true), condition("Ready", false, "ContainersNotReady"),
        condition("ContainersReady", false, "ContainersNotReady"),
      ],
    ]
  }

  private func run(_ pod: Pod) -> JSONValue {
    let address = NodeAddresses.pod(pod.metadata.uid)
    return [
      "phase": "Running", "podIP": .string(address), "podIPs": [["ip": .string(address)]],
      "hostIP": .string(NodeAddresses.node(pod.nodeName)),
      "containerStatuses": .array(pod.containers.map { running($0, restarts: 0) }),
    ]
  }

  private func running(_ container: Container, restarts: Int) -> JSONValue {
    [
      "name": .string(container.name), "image": .string(container.image),
      "imageID": .string("sim://\(container.image)"), "ready": false, "started": true, "restartCount": .int(restarts),
      "state": ["running": ["startedAt": .string(now.description)]], "lastState": .object(JSONObject()),
    ]
  }

  /// Gives containers whose image changed the new one; the others are left alone.
  private func restart(_ pod: Pod) -> Step? {
    let statuses = Dictionary(pod.containerStatuses.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let changed = pod.containers.filter { statuses[$0.name]?.imageID != "sim://\($0.image)" }
    guard !changed.isEmpty else { return nil }
    let names = Set(changed.map(\.name))
    let list = pod.containers.map { container -> JSONValue in
      let restarts = statuses[container.name]?.restartCount ?? 0
      guard !names.contains(container.name) else { return running(container, restarts: restarts + 1) }
      return statuses[container.name].map { JSONValue($0.json) } ?? running(container, restarts: 0)
    }
    return .report([
      "containerStatuses": .array(list),
      "conditions": [
        condition("Ready", false, "ContainersNotReady"), condition("ContainersReady", false, "ContainersNotReady"),
      ],
    ])
  }

  private func readiness(_ pod: Pod) -> Step {
    let unready = pod.containerStatuses.filter { !$0.isReady }
    if !unready.isEmpty {
      let starts = unready.compactMap { ($0.json["state"]?["running"]?["startedAt"]?.string).flatMap(Timestamp.init) }
      guard starts.count == unready.count, let latest = starts.max() else { return .rest }
      let due = latest + pace.becomeReady
      guard now >= due else { return .wait(due) }
    }
    let gates = pod.spec?["readinessGates"]?.elements.compactMap { $0["conditionType"]?.string } ?? []
    let isReady = gates.allSatisfy { pod.condition($0)?.isTrue ?? false }
    let wasReady = pod.isReady
    guard !unready.isEmpty || isReady != wasReady || pod.condition("ContainersReady")?.isTrue != true else {
      return .rest
    }
    let statuses = pod.containerStatuses.map { status -> JSONValue in
      var value = JSONValue(status.json)
      value["ready"] = true
      return value
    }
    var conditions: [JSONValue] = []
    if pod.condition("ContainersReady")?.isTrue != true { conditions.append(condition("ContainersReady", true)) }
    if isReady != wasReady {
      conditions.append(condition("Ready", isReady, isReady ? "" : "ReadinessGatesNotReady"))
    }
    return .report(["containerStatuses": .array(statuses), "conditions": .array(conditions)])
  }

  private func condition(_ type: String, _ isTrue: Bool, _ reason: String = "") -> JSONValue {
    var condition: JSONValue = [
      "type": .string(type), "status": isTrue ? "True" : "False", "lastTransitionTime": .string(now.description),
    ]
    if !reason.isEmpty { condition["reason"] = .string(reason) }
    return condition
  }
}

/// Addresses that follow from names, so that nothing has to remember them.
enum NodeAddresses {
  static func pod(_ uid: String) -> String { "10.244.\(hash(uid) >> 8 & 255).\(hash(uid) & 255)" }
  static func node(_ name: String) -> String { "172.18.\(hash(name) >> 8 & 255).\(hash(name) & 255)" }

  private static func hash(_ text: String) -> UInt32 {
    text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }
}
