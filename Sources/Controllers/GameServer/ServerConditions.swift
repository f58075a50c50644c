import JSON
import Kubernetes

/// What is wrong, in one place of a condition: a word and a sentence.
struct Complaint: Sendable, Hashable {
  var reason: String
  var message: String

  /// Several complaints as one: the texts in a row, each only once.
  static func joined(_ complaints: [Complaint]) -> Complaint? {
    guard var joined = complaints.first else { return nil }
    for complaint in complaints.dropFirst() {
      if !joined.reason.contains(complaint.reason) { joined.reason += "; " + complaint.reason }
      if !joined.message.contains(complaint.message) { joined.message += "; " + complaint.message }
    }
    return joined
  }
}

extension Complaint {
  /// Whether it says no more than that a pod that starts has not started yet.
  var passesByItself: Bool {
    reason.split(separator: "; ").allSatisfy {
      ["ContainersNotReady", "ContainersNotInitialized", "ReadinessGatesNotReady"].contains($0)
    }
  }
}

/// The conditions of a game server: whether its pod, its node and its volumes are as they should be.
enum ServerConditions {
  /// The conditions in their order; the one for the node is missing until the pod is scheduled.
  static func make(_ pod: Pod, _ cluster: any ClusterReader) -> [(type: String, complaint: Complaint?)] {
    var conditions: [(type: String, complaint: Complaint?)] = [("PodNormal", Complaint.joined(podComplaints(pod)))]
    if !pod.nodeName.isEmpty {
      let node = cluster.object(.nodes, NamespacedName("", pod.nodeName))?.as(Node.self)
      conditions.append(("NodeNormal", Complaint.joined(nodeComplaints(pod.nodeName, node))))
    }
    conditions.append(("PersistentVolumeNormal", Complaint.joined(volumeComplaints(pod, cluster))))
    return conditions
  }

  static func podComplaints(_ pod: Pod) -> [Complaint] {
    var complaints: [Complaint] = []
    if let reason = pod.status?["reason"]?.string, !reason.isEmpty {
      complaints.append(Complaint(reason: reason, message: pod.status?["message"]?.string ?? ""))
    }
    for type in ["PodScheduled", "Initialized", "ContainersReady"] {
      if let condition = pod.condition(type), !condition.isTrue { complaints.append(Complaint(condition)) }
    }
    if let ready = pod.condition("Ready"), !ready.isTrue, pod.condition("ContainersReady")?.isTrue == true {
      complaints.append(Complaint(ready))
    }
    for statuses in [pod.initContainerStatuses, pod.containerStatuses] {
      // A waiting state without a sentence, such as ContainerCreating, is no complaint.
      guard let joined = Complaint.joined(statuses.compactMap(containerComplaint)), !joined.reason.isEmpty,
        !joined.message.isEmpty
      else { continue }
      complaints.append(joined)
    }
    return complaints
  }

  private static func containerComplaint(_ status: ContainerStatus) -> Complaint? {
    let state = status.json["state"]
    if let waiting = state?["waiting"], let reason = waiting["reason"]?.string, !reason.isEmpty {
      return Complaint(reason: reason, message: waiting["message"]?.string ?? "")
    }
    if let terminated = state?["terminated"] { return terminationComplaint(terminated) }
    if state?["running"] == nil, let last = status.json["lastState"]?["terminated"] {
      return terminationComplaint(last)
    }
    return nil
  }

  private static func terminationComplaint(_ terminated: JSONView) -> Complaint? {
    guard let reason = terminated["reason"]?.string, !reason.isEmpty else { return nil }
    let message = terminated["message"]?.string ?? ""
    let code = terminated["exitCode"]?.int ?? 0
    return Complaint(reason: "ContainerTerminated:\(reason)", message: "\(message) ExitCode: \(code)")
  }

  static func nodeComplaints(_ name: String, _ node: Node?) -> [Complaint] {
    guard let node else {
      return [Complaint(reason: "NodeNotFound", message: "There is no node named \(name) in cluster")]
    }
    return node.conditions.compactMap { condition in
      let isGood =
        switch condition.type {
        case "Ready", "SufficientIP": condition.isTrue
        default: condition.status == "False"
        }
      guard !isGood else { return nil }
      return Complaint(reason: "\(condition.type):\(condition.reason)", message: condition.message)
    }
  }

  static func volumeComplaints(_ pod: Pod, _ cluster: any ClusterReader) -> [Complaint] {
    var missing: [Complaint] = []
    var failing: [Complaint] = []
    for volume in pod.spec?["volumes"].map({ Array($0.elements) }) ?? [] {
      guard let claimName = volume["persistentVolumeClaim"]?["claimName"]?.string else { continue }
      let key = NamespacedName(pod.namespace, claimName)
      guard let claim = cluster.object(.persistentVolumeClaims, key) else {
        missing.append(
          Complaint(
            reason: "PersistentVolumeClaim Not Found", message: "There is no pvc named \(key) in cluster"))
        continue
      }
      let volumeName = claim.json["spec"]?["volumeName"]?.string ?? ""
      let bound = volumeName.isEmpty ? nil : cluster.object(.persistentVolumes, NamespacedName("", volumeName))
      guard let bound else {
        missing.append(
          Complaint(
            reason: "PersistentVolume Not Found", message: "There is no pv which pvc \(key) is bound with"))
        continue
      }
      if let reason = bound.json["status"]?["reason"]?.string, !reason.isEmpty {
        failing.append(Complaint(reason: reason, message: bound.json["status"]?["message"]?.string ?? ""))
      }
    }
    return missing + failing
  }
}

extension Complaint {
  fileprivate init(_ condition: Condition) {
    self.init(reason: condition.reason, message: condition.message)
  }
}
