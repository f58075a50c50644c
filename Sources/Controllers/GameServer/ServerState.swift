import JSON
import Kubernetes

extension GameServerState {
  /// The state of a game server, from its pod; the first rule that fits decides.
  init(of pod: Pod) {
    switch pod.phase {
    case "Succeeded": self = .unknown
    case "Failed": self = .crash
    case _ where pod.metadata.isBeingDeleted: self = .deleting
    case "Running": self = GameServerState.ofRunning(pod)
    case "Pending": self = GameServerState.isCrashLooping(pod) ? .crash : .creating
    default: self = .unknown
    }
  }

  private static func ofRunning(_ pod: Pod) -> GameServerState {
    switch pod.metadata.labels[GameLabels.lifecycleState] {
    case "Updating": .updating
    case "PreparingUpdate": .preUpdate
    case "PreparingDelete": .preDelete
    default: pod.isReady ? .ready : isCrashLooping(pod) ? .crash : .notReady
    }
  }

  /// Whether kubelet has given up restarting a container at once.
  private static func isCrashLooping(_ pod: Pod) -> Bool {
    (pod.containerStatuses + pod.initContainerStatuses).contains {
      $0.json["state"]?["waiting"]?["reason"]?.isString("CrashLoopBackOff") ?? false
    }
  }
}
