import JSON
import Kubernetes
import NetworkPlugins

/// Does what a network plan says.
struct NetworkWrites: Sendable {
  /// The name under which server-side apply keeps the fields that plugins decide on.
  static let fieldManager = "gatehouse-network"

  let writer: any ClusterWriter

  /// Deletes, writes and shows, in this order; of what is so already nothing is written.
  ///
  /// The pod comes last: a state is never shown before what it stands for was accepted.
  func perform(_ plan: NetworkPlan, on pod: Pod) async throws(KubernetesError) {
    try await perform(plan)
    if let patch = PodNetworkPatch(plan, pod).value { try await writer.patch(.pods, pod.key, .merge(patch)) }
  }

  /// Deletes and writes the objects of a plan.
  func perform(_ plan: NetworkPlan) async throws(KubernetesError) {
    for removal in plan.removals { try await remove(removal) }
    for patch in plan.changes { try await writer.patch(patch.resource, patch.key, .merge(patch.value)) }
    for write in plan.writes { try await apply(write) }
  }

  private func remove(_ removal: NetworkPlan.Removal) async throws(KubernetesError) {
    do throws(KubernetesError) {
      try await writer.delete(removal.resource, removal.key, DeleteOptions(uid: removal.uid, propagation: .background))
    } catch  where error.code == .notFound {
      return
    }
  }

  private func apply(_ write: ObjectWrite) async throws(KubernetesError) {
    let draft = write.draft
    if let cleanUp = write.cleanUp { try await writer.patch(draft.resource, draft.key, .merge(cleanUp)) }
    let applied = try await writer.patch(draft.resource, draft.key, desired(draft))
    guard let transfer = OwnershipTransfer(applied).value else { return }
    try await writer.patch(draft.resource, draft.key, .merge(transfer))
    // Now it removes what only the former manager had.
    try await writer.patch(draft.resource, draft.key, desired(draft))
  }

  private func desired(_ draft: ObjectDraft) -> ObjectPatch {
    .apply(draft.value, fieldManager: Self.fieldManager, force: true)
  }
}

/// What of a pod's metadata a plan changes.
struct PodNetworkPatch: Sendable {
  /// A merge patch; nil where everything is as the plan wants it.
  let value: JSONValue?

  init(_ plan: NetworkPlan, _ pod: Pod) {
    let metadata = pod.metadata
    var wanted = plan.annotations
    if let status = plan.status { wanted[GameAnnotations.networkStatus] = Self.text(of: status, metadata) }
    let annotations = Self.changes(wanted, metadata.annotations)
    let labels = Self.changes(plan.labels, metadata.labels)
    var patch = JSONObject()
    if !labels.isEmpty { patch["labels"] = .object(labels) }
    if !annotations.isEmpty { patch["annotations"] = .object(annotations) }
    let finalizers = metadata.finalizers
    let rest = finalizers.filter { !plan.finalizersToRemove.contains($0) }
    if rest.count != finalizers.count {
      patch["finalizers"] = .array(rest.map { .string($0) })
      // Another program may be removing its own at this moment; a conflict makes this one look again.
      patch["resourceVersion"] = .string(metadata.resourceVersion)
    }
    guard !patch.isEmpty else {
      value = nil
      return
    }
    // The status of one pod must never be written on the next one of its name.
    patch["uid"] = .string(metadata.uid)
    value = ["metadata": .object(patch)]
  }

  /// The text of a status with the times of the one before, or that one's text where it says the same, in whatever order or spelling of
  /// absent fields.
  private static func text(of status: NetworkStatus, _ metadata: ObjectMetadata) -> String {
    let text = metadata.annotations[GameAnnotations.networkStatus]
    guard let text, let old = try? NetworkStatus.parse(annotation: text) else { return status.annotation }
    var next = status
    next.createTime = next.createTime ?? old.createTime
    next.lastTransitionTime = next.lastTransitionTime ?? old.lastTransitionTime
    return next == old ? text : next.annotation
  }

  private static func changes(_ wanted: [String: String?], _ live: StringMap) -> JSONObject {
    var changes = JSONObject()
    for (key, value) in wanted.sorted(by: { $0.key < $1.key }) where live[key] != value {
      changes[key] = value.map { .string($0) } ?? .null
    }
    return changes
  }
}
