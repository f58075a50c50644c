import JSON
import Kubernetes

/// The statuses that kubelet reports of a pod's containers; pure.
///
/// Init containers end at once and well, except native sidecars (`restartPolicy: Always`), which run on beside the others.
struct ContainerLife: Sendable {
  let now: Timestamp

  /// The field of each list of statuses, with the containers that it is about and what is known of them.
  private func lists(_ pod: Pod) -> [(field: String, containers: [Container], known: [ContainerStatus])] {
    var lists = [("containerStatuses", pod.containers, pod.containerStatuses)]
    if !pod.initContainers.isEmpty {
      lists.append(("initContainerStatuses", pod.initContainers, pod.initContainerStatuses))
    }
    return lists
  }

  /// Statuses of containers that the node is about to start.
  func waiting(_ pod: Pod) -> JSONObject {
    var fields = JSONObject()
    for list in lists(pod) {
      fields[list.field] = .array(
        list.containers.map { container in
          [
            "name": .string(container.name), "image": .string(container.image), "imageID": "", "ready": false,
            "restartCount": 0, "state": ["waiting": ["reason": "ContainerCreating"]],
            "lastState": .object(JSONObject()),
          ]
        })
    }
    return fields
  }

  /// Statuses of containers that have just started.
  func started(_ pod: Pod) -> JSONObject {
    var fields = JSONObject()
    for list in lists(pod) {
      let isInit = list.field == "initContainerStatuses"
      fields[list.field] = .array(
        list.containers.map { isInit && !$0.isNativeSidecar ? ended($0) : running($0, restarts: 0) })
    }
    return fields
  }

  /// Statuses in which containers whose image changed run the new one, and the others are left alone; nil where none changed.
  ///
  /// An init container that has ended does not run again for a new image.
  func restarted(_ pod: Pod) -> JSONObject? {
    var fields = JSONObject()
    var isChanged = false
    for list in lists(pod) {
      let known = Dictionary(list.known.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      let statuses = list.containers.map { container -> JSONValue in
        guard let status = known[container.name] else { return running(container, restarts: 0) }
        let isOver = status.json["state"]?["terminated"] != nil
        guard !isOver, status.imageID != Self.imageID(container) else { return JSONValue(status.json) }
        isChanged = true
        return running(container, restarts: status.restartCount + 1)
      }
      fields[list.field] = .array(statuses)
    }
    return isChanged ? fields : nil
  }

  /// Statuses in which every container that runs is ready.
  func ready(_ pod: Pod) -> JSONObject {
    var fields = JSONObject()
    for list in lists(pod) {
      fields[list.field] = .array(
        list.known.map { status in
          var value = JSONValue(status.json)
          value["ready"] = true
          if status.json["state"]?["running"] != nil { value["started"] = true }
          return value
        })
    }
    return fields
  }

  private static func imageID(_ container: Container) -> String { "sim://\(container.image)" }

  private func running(_ container: Container, restarts: Int) -> JSONValue {
    var last = JSONObject()
    if restarts > 0 {
      last["terminated"] = ["exitCode": 0, "reason": "Completed", "finishedAt": .string(now.description)]
    }
    return [
      "name": .string(container.name), "image": .string(container.image),
      "imageID": .string(Self.imageID(container)), "ready": false,
      "started": .bool(container.json["startupProbe"] == nil), "restartCount": .int(restarts),
      "state": ["running": ["startedAt": .string(now.description)]], "lastState": .object(last),
    ]
  }

  private func ended(_ container: Container) -> JSONValue {
    [
      "name": .string(container.name), "image": .string(container.image),
      "imageID": .string(Self.imageID(container)), "ready": true, "started": false, "restartCount": 0,
      "state": ["terminated": ["exitCode": 0, "reason": "Completed", "finishedAt": .string(now.description)]],
      "lastState": .object(JSONObject()),
    ]
  }
}

extension Container {
  /// Whether an init container is one that goes on running (Kubernetes 1.29, "sidecar containers").
  var isNativeSidecar: Bool { json["restartPolicy"]?.isString("Always") ?? false }
}
