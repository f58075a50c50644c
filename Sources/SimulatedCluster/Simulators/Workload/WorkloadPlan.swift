import JSON
import Kubernetes

/// One thing to do to the pods of a workload.
enum WorkloadAction: Sendable, Equatable {
  case create(ordinal: Int, revision: String)
  case delete(String)
  case setLifecycle(String, String)
  case beginInPlace(String)
  case patchImages(String)
  case finishInPlace(String)
  case openGate(String)
}

/// What a workload's pods need next; pure, so that each rule of OpenKruise can be shown by a table.
struct WorkloadPlan: Sendable {
  private(set) var actions: [WorkloadAction] = []
  /// The next moment at which the plan may differ though nothing changed.
  private(set) var due: Timestamp?

  private let spec: WorkloadSpec
  private let update: WorkloadRevision
  private let old: WorkloadRevision
  private let now: Timestamp

  init(_ spec: WorkloadSpec, pods: [Pod], update: WorkloadRevision, old: WorkloadRevision, now: Timestamp) {
    self.spec = spec
    self.update = update
    self.old = old
    self.now = now
    let wanted = Set(spec.ordinals)
    let kept = pods.filter { wanted.contains($0.ordinal) }
    let condemned = pods.filter { !wanted.contains($0.ordinal) }
    for pod in kept where !pod.metadata.isBeingDeleted { advanceLifecycle(pod) }
    for pod in condemned.sorted(by: { $0.ordinal > $1.ordinal }) { condemn(pod) }
    for pod in kept where pod.isTerminal && !pod.metadata.isBeingDeleted { actions.append(.delete(pod.name)) }
    createMissing(wanted, pods)
    let living = kept.filter { !$0.isTerminal }
    // A pod that is missing is as unavailable as one that is not ready.
    let unavailable = wanted.count - living.count { isAvailable($0) && !isUnderWay($0) }
    var budget = spec.limit(spec.maxUnavailable) - unavailable
    deleteSpecified(living, &budget)
    updatePods(living, &budget)
  }

  private func state(_ pod: Pod) -> String { pod.metadata.labels[GameLabels.lifecycleState] ?? "" }
  private func revision(_ pod: Pod) -> String { pod.metadata.labels[GameLabels.revision] ?? "" }

  private func isUnderWay(_ pod: Pod) -> Bool { ["PreparingUpdate", "Updating"].contains(state(pod)) }

  private func isUpdatedInPlace(_ pod: Pod) -> Bool {
    // Finished when the runtime reports another image than before for every container that changed.
    guard let text = pod.metadata.annotations[InPlaceUpdate.stateKey], let record = try? JSONDocument(text).root else {
      return true
    }
    return InPlaceUpdate.isFinished(record, pod)
  }

  /// Moves a pod that stays through the states of its life cycle.
  private mutating func advanceLifecycle(_ pod: Pod) {
    let metadata = pod.metadata
    switch state(pod) {
    case "": actions.append(.setLifecycle(pod.name, spec.preNormal == nil ? "Normal" : "PreparingNormal"))
    case "PreparingNormal":
      if spec.preNormal?.isFullyHooked(metadata) ?? true { actions.append(.setLifecycle(pod.name, "Normal")) }
    case "PreparingUpdate":
      if !(spec.inPlaceUpdate?.isHooked(metadata) ?? false) { actions.append(.beginInPlace(pod.name)) }
    case "Updating": advanceUpdate(pod)
    case "Updated":
      if spec.inPlaceUpdate?.isFullyHooked(metadata) ?? true { actions.append(.setLifecycle(pod.name, "Normal")) }
    default: break
    }
    if pod.condition("InPlaceUpdateReady") == nil { actions.append(.openGate(pod.name)) }
  }

  private mutating func advanceUpdate(_ pod: Pod) {
    guard let text = pod.metadata.annotations[InPlaceUpdate.graceKey], let end = Timestamp(text) else {
      if isUpdatedInPlace(pod) { actions.append(.finishInPlace(pod.name)) }
      return
    }
    if now >= end { actions.append(.patchImages(pod.name)) } else { wake(at: end) }
  }

  private mutating func condemn(_ pod: Pod) {
    guard !pod.metadata.isBeingDeleted else { return }
    guard let hook = spec.preDelete, hook.isHooked(pod.metadata) else {
      actions.append(.delete(pod.name))
      return
    }
    if state(pod) != "PreparingDelete" { actions.append(.setLifecycle(pod.name, "PreparingDelete")) }
  }

  private mutating func createMissing(_ wanted: Set<Int>, _ pods: [Pod]) {
    let existing = Set(pods.map(\.ordinal))
    var budget = Int.max
    if let limit = spec.createLimit {
      let pending = pods.count { wanted.contains($0.ordinal) && (!$0.isReady || $0.metadata.isBeingDeleted) }
      budget = max(0, spec.limit(limit) - pending)
    }
    // Pods made anew stay on the old revision until only as many are on it as the partition keeps.
    var onOld = pods.count { wanted.contains($0.ordinal) && revision($0) != update.name }
    for ordinal in wanted.sorted() where !existing.contains(ordinal) && budget > 0 {
      let keepsOld = old.name != update.name && onOld < spec.partition
      if keepsOld { onOld += 1 }
      actions.append(.create(ordinal: ordinal, revision: keepsOld ? old.name : update.name))
      budget -= 1
    }
  }

  private func isAvailable(_ pod: Pod) -> Bool {
    guard pod.isReady, !pod.metadata.isBeingDeleted, state(pod) != "Updating" else { return false }
    guard spec.minReadySeconds > 0, let since = (pod.condition("Ready")?.lastTransitionTime).flatMap(Timestamp.init)
    else { return true }
    return now >= since + .seconds(spec.minReadySeconds)
  }

  private mutating func deleteSpecified(_ pods: [Pod], _ budget: inout Int) {
    for pod in pods where pod.metadata.labels.contains(GameLabels.specifiedDelete) && !pod.metadata.isBeingDeleted {
      guard budget > 0 || !isAvailable(pod) else { continue }
      if isAvailable(pod) { budget -= 1 }
      condemn(pod)
    }
  }

  /// Updates pods in their order, as many as the partition and the number of unavailable pods allow.
  private mutating func updatePods(_ pods: [Pod], _ budget: inout Int) {
    guard !spec.isOnDelete, !spec.isPaused else { return }
    for pod in pods where spec.minReadySeconds > 0 && pod.isReady && !isAvailable(pod) {
      if let since = (pod.condition("Ready")?.lastTransitionTime).flatMap(Timestamp.init) {
        wake(at: since + .seconds(spec.minReadySeconds))
      }
    }
    let outdated = pods.filter { revision($0) != update.name }
    var count = max(0, outdated.count - spec.partition)
    // What is on its way to the new revision, by an update or by its end, has had its turn.
    count -= outdated.count { isUnderWay($0) || $0.metadata.isBeingDeleted }
    let waiting = outdated.filter { pod in
      !isUnderWay(pod) && !pod.metadata.isBeingDeleted && !pod.metadata.labels.contains(GameLabels.specifiedDelete)
    }.sorted(by: isUpdatedBefore)
    for pod in waiting where count > 0 {
      count -= 1
      guard budget > 0 || !isAvailable(pod) else { continue }
      if isAvailable(pod) { budget -= 1 }
      updatePod(pod)
    }
  }

  private mutating func updatePod(_ pod: Pod) {
    let canStay = update.inPlaceImages(from: old.template) != nil && spec.updatePolicy != .recreate
    guard canStay else {
      if spec.updatePolicy != .inPlaceOnly { actions.append(.delete(pod.name)) }
      return
    }
    let isHooked = spec.inPlaceUpdate?.isHooked(pod.metadata) ?? false
    actions.append(isHooked ? .setLifecycle(pod.name, "PreparingUpdate") : .beginInPlace(pod.name))
  }

  /// By the number at the end of the priority label, larger first; pods without the label before all others; then by ordinal.
  private func isUpdatedBefore(_ one: Pod, _ other: Pod) -> Bool {
    guard let key = spec.priorityKey else { return one.ordinal > other.ordinal }
    func rank(_ pod: Pod) -> Int {
      guard let text = pod.metadata.labels[key] else { return Int.max }
      return Int(String(text.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())) ?? 0
    }
    return (rank(one), one.ordinal) > (rank(other), other.ordinal)
  }

  private mutating func wake(at moment: Timestamp) { due = due.map { min($0, moment) } ?? moment }
}

/// The bookkeeping of an in-place update in a pod's annotations.
enum InPlaceUpdate {
  static let stateKey = "apps.kruise.io/inplace-update-state"
  static let graceKey = "apps.kruise.io/inplace-update-grace"

  /// Whether every container that was changed runs an image with another id than before.
  static func isFinished(_ record: JSONView, _ pod: Pod) -> Bool {
    let before = record["lastContainerStatuses"]?.members.map { ($0.name, $0.value["imageID"]?.string ?? "") } ?? []
    let now = Dictionary(pod.containerStatuses.map { ($0.name, $0.imageID) }, uniquingKeysWith: { first, _ in first })
    return before.allSatisfy { now[$0.0] != nil && now[$0.0] != $0.1 }
  }
}
