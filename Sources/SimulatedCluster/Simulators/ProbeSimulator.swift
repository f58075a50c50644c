import JSON
public import Kubernetes
import Synchronization

/// Plays OpenKruise's PodProbeMarker: what a test says of a server appears as a condition of its pod.
public final class ProbeSimulator: SimulatedController {
  /// The name in logs.
  public let name = "pod-probe-marker"
  /// What the simulator reads.
  public static let resources: [Resource] = [.podProbeMarkers, .pods]

  private struct Result: Sendable {
    let isSuccess: Bool
    let message: String
  }

  private let client: any ClusterClient
  private let cluster: ObjectStore
  private let keys = KeyTimers()
  /// By pod, then by the name of the probe.
  private let results = Mutex<[NamespacedName: [String: Result]]>([:])

  /// A simulator that reads from a store and writes through a client.
  public init(client: any ClusterClient, cluster: ObjectStore) {
    self.client = client
    self.cluster = cluster
    cluster.observe(.podProbeMarkers) { [keys] _, new in
      if let new { keys.mark(new.key) }
    }
    cluster.observe(.pods) { [keys] _, new in
      guard let new, let owner = new.as(Pod.self).ownerSet else { return }
      keys.mark(NamespacedName(new.namespace, owner))
    }
  }

  /// Says what a probe of a pod answers from now on.
  public func script(_ pod: NamespacedName, probe: String, isSuccess: Bool, message: String) {
    results.withLock { $0[pod, default: [:]][probe] = Result(isSuccess: isSuccess, message: message) }
    if let owner = cluster.pod(pod)?.ownerSet { keys.mark(NamespacedName(pod.namespace, owner)) }
  }

  /// Nothing falls due by itself.
  public var nextDue: Timestamp? { keys.next }

  /// Observes markers and writes the results of their probes.
  public func step(now: Timestamp) async -> Bool {
    var isChanged = false
    for key in keys.take(now: now) {
      do throws(KubernetesError) {
        if try await look(at: key, now) { isChanged = true }
      } catch {
        keys.mark(key, at: now + .seconds(1))
      }
    }
    return isChanged
  }

  private func look(at key: NamespacedName, _ now: Timestamp) async throws(KubernetesError) -> Bool {
    guard let marker = cluster.object(.podProbeMarkers, key)?.as(PodProbeMarker.self) else { return false }
    var isChanged = false
    if marker.observedGeneration != marker.metadata.generation {
      try await client.patch(
        .podProbeMarkers, key, subresource: "status",
        .merge(["status": ["observedGeneration": .int(marker.metadata.generation)]]))
      isChanged = true
    }
    for pod in cluster.pods(ofSet: key) where pod.phase == "Running" {
      let conditions = self.conditions(of: pod, marker, now)
      guard !conditions.isEmpty else { continue }
      try await client.patch(
        .pods, pod.key, subresource: "status", .strategicMerge(["status": ["conditions": .array(conditions)]]))
      isChanged = true
    }
    return isChanged
  }

  /// The conditions of a pod that differ from what its probes answer.
  private func conditions(of pod: Pod, _ marker: PodProbeMarker, _ now: Timestamp) -> [JSONValue] {
    let scripted = results.withLock { $0[pod.key] ?? [:] }
    return marker.probes.compactMap { probe in
      guard let name = probe["name"]?.string, let type = probe["podConditionType"]?.string, let result = scripted[name]
      else { return nil }
      let status = result.isSuccess ? "True" : "False"
      let message = String(result.message.prefix(1024))
      if let live = pod.condition(type), live.status == status, live.message == message { return nil }
      let time = JSONValue.string(now.description)
      return [
        "type": .string(type), "status": .string(status), "message": .string(message), "lastProbeTime": time,
        "lastTransitionTime": time,
      ]
    }
  }
}
