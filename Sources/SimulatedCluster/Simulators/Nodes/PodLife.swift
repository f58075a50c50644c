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

  private var containers: ContainerLife { ContainerLife(now: now) }

  /// The status of a pod that a node has taken up.
  private func begin(_ pod: Pod) -> JSONValue {
    var status = containers.waiting(pod)
    status["phase"] = "Pending"
    status["startTime"] = .string(now.description)
    status["conditions"] = [
      condition("Initialized", true), condition("Ready", false, "ContainersNotReady"),
      condition("ContainersReady", false, "ContainersNotReady"),
    ]
    return .object(status)
  }

  private func run(_ pod: Pod) -> JSONValue {
    let address = NodeAddresses.pod(pod.metadata.uid)
    var status = containers.started(pod)
    status["phase"] = "Running"
    status["podIP"] = .string(address)
    status["podIPs"] = [["ip": .string(address)]]
    status["hostIP"] = .string(NodeAddresses.node(pod.nodeName))
    return .object(status)
  }

  /// Gives containers whose image changed the new one.
  private func restart(_ pod: Pod) -> Step? {
    guard var status = containers.restarted(pod) else { return nil }
    status["conditions"] = [
      condition("Ready", false, "ContainersNotReady"), condition("ContainersReady", false, "ContainersNotReady"),
    ]
    return .report(.object(status))
  }

  private func readiness(_ pod: Pod) -> Step {
    let unready = (pod.containerStatuses + pod.initContainerStatuses).filter { !$0.isReady }
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
    var status = containers.ready(pod)
    var conditions: [JSONValue] = []
    if pod.condition("ContainersReady")?.isTrue != true { conditions.append(condition("ContainersReady", true)) }
    if isReady != wasReady {
      conditions.append(condition("Ready", isReady, isReady ? "" : "ReadinessGatesNotReady"))
    }
    status["conditions"] = .array(conditions)
    return .report(.object(status))
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
