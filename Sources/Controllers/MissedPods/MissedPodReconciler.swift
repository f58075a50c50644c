public import JSON
public import Kubernetes
import Synchronization
public import Telemetry

/// Finds pods of sets that admission never saw, because no webhook answered or an older manager did, and brings them in line where a running
/// pod allows it.
///
/// Each pod is looked at once: what admission would have changed is computed by admission itself, so there is no second list of rules. Labels
/// and images are the game server controller's to set; annotations are set here; what only a new pod can have is told in an event.
public final class MissedPodReconciler: Reconciler {
  /// What admission would change in a pod; nil where it cannot tell yet.
  public typealias Admission = @Sendable (Pod) -> JSONPatch?

  /// The name in logs, metrics and events.
  public let name = "missed-pod-controller"
  private let cluster: any ClusterReader
  private let writer: any ClusterWriter
  private let events: any EventRecorder
  private let admission: Admission
  private let mended: Counter
  private let unmendable: Counter
  /// The uids of the pods that were looked at; a new pod of the same name is looked at anew.
  ///
  /// Entries go with their pods, so there are never more than pods.
  private let seen = Mutex<[NamespacedName: String]>([:])

  /// A reconciler that reads pods from a store, asks admission about them and writes to a cluster.
  public init(
    cluster: any ClusterReader, writer: any ClusterWriter, events: any EventRecorder, registry: MetricRegistry,
    admission: @escaping Admission
  ) {
    self.cluster = cluster
    self.writer = writer
    self.events = events
    self.admission = admission
    func counter(_ result: String) -> Counter {
      registry.counter(
        "gatehouse_missed_pods_total",
        help: "Pods of sets that were created without admission, by whether they could be brought in line.",
        labels: ["result": result])
    }
    mended = counter("mended")
    unmendable = counter("needs_new_pod")
  }

  /// Looks at the pod of that name, once.
  public func reconcile(_ key: NamespacedName) async -> ReconcileOutcome {
    guard let pod = cluster.pod(key) else {
      seen.withLock { _ = $0.removeValue(forKey: key) }
      return .done
    }
    guard pod.ownerSet != nil, !pod.metadata.isBeingDeleted, !pod.isTerminal,
      seen.withLock({ $0[key] }) != pod.metadata.uid
    else { return .done }
    guard let patch = admission(pod) else { return .retry("admission's stores have not synced") }
    do throws(KubernetesError) {
      if let gap = gap(pod, patch) { try await close(gap, pod) }
    } catch {
      return ReconcileOutcome(error)
    }
    seen.withLock { $0[key] = pod.metadata.uid }
    return .done
  }

  private func gap(_ pod: Pod, _ patch: JSONPatch) -> AdmissionGap? {
    guard !patch.isEmpty else { return nil }
    let present = JSONValue(pod.json)
    guard let admitted = try? patch.apply(to: present) else { return nil }
    let gap = AdmissionGap(present, admitted: admitted)
    return gap.isEmpty ? nil : gap
  }

  private func close(_ gap: AdmissionGap, _ pod: Pod) async throws(KubernetesError) {
    let subject = ObjectReference(.pods, pod)
    guard gap.isMendable else {
      // Annotations would claim a network, or a sidecar, that the pod does not have.
      unmendable.increment()
      let text = "the pod was created without admission and lacks \(gap.missing.joined(separator: ", "))"
      events.record(ClusterEvent(.warning, "MissedAdmission", "\(text); delete it to have it made anew"), on: subject)
      return
    }
    if !gap.annotations.isEmpty {
      // The version makes the patch fail where somebody wrote the pod meanwhile: their annotation counts.
      let metadata: JSONValue = [
        "resourceVersion": .string(pod.metadata.resourceVersion), "annotations": .object(gap.annotations),
      ]
      try await writer.patch(.pods, pod.key, .merge(["metadata": metadata]))
    }
    mended.increment()
    let what = gap.labels + gap.annotations.members.map(\.name)
    events.record(
      ClusterEvent(
        .warning, "MissedAdmission",
        "the pod was created without admission; brought in line: \(what.joined(separator: ", "))"), on: subject)
  }
}
