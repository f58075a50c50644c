import JSON
import Kubernetes

/// Performs the actions of a workload's plan.
struct WorkloadExecution: Sendable {
  let client: any ClusterClient
  let cluster: any ClusterReader
  let workload: AdvancedStatefulSet
  let spec: WorkloadSpec
  let update: WorkloadRevision
  let old: WorkloadRevision
  let now: Timestamp

  func perform(_ action: WorkloadAction) async throws(KubernetesError) {
    switch action {
    case .create(let ordinal, let revision): try await create(ordinal, revision == old.name ? old : update)
    case .delete(let name): try await delete(name)
    case .setLifecycle(let name, let state): try await setLifecycle(name, state)
    case .beginInPlace(let name): try await beginInPlace(name)
    case .patchImages(let name): try await patchImages(name)
    case .finishInPlace(let name): try await finish(name)
    case .openGate(let name): try await setGate(name, isOpen: true, reason: "")
    }
  }

  private func key(_ name: String) -> NamespacedName { NamespacedName(workload.namespace, name) }

  private func create(_ ordinal: Int, _ revision: WorkloadRevision) async throws(KubernetesError) {
    let name = "\(workload.name)-\(ordinal)"
    for claim in spec.claims { try await createClaim(claim, ordinal) }
    var metadata = revision.template["metadata"] ?? .object(JSONObject())
    var labels = metadata["labels"] ?? .object(JSONObject())
    labels[GameLabels.revision] = .string(revision.name)
    labels[GameLabels.podName] = .string(name)
    labels["apps.kubernetes.io/pod-index"] = .string(String(ordinal))
    labels[GameLabels.lifecycleState] = .string(spec.preNormal == nil ? "Normal" : "PreparingNormal")
    metadata["labels"] = labels
    metadata["name"] = .string(name)
    metadata["namespace"] = .string(workload.namespace)
    metadata["ownerReferences"] = [OwnerReference(.advancedStatefulSets, workload).value]
    var pod = revision.template["spec"] ?? .object(JSONObject())
    pod["hostname"] = .string(name)
    if let service = workload.spec?["serviceName"]?.string { pod["subdomain"] = .string(service) }
    var volumes = pod["volumes"]?.array ?? []
    for claim in spec.claims {
      let volume = claim["metadata"]?["name"]?.string ?? ""
      volumes.append([
        "name": .string(volume), "persistentVolumeClaim": ["claimName": .string("\(volume)-\(name)")],
      ])
    }
    if !volumes.isEmpty { pod["volumes"] = .array(volumes) }
    try await client.create(
      .pods, namespace: workload.namespace,
      ["apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod])
  }

  private func createClaim(_ template: JSONValue, _ ordinal: Int) async throws(KubernetesError) {
    let name = "\(template["metadata"]?["name"]?.string ?? "")-\(workload.name)-\(ordinal)"
    guard cluster.object(.persistentVolumeClaims, key(name)) == nil else { return }
    var metadata = template["metadata"] ?? .null
    metadata["name"] = .string(name)
    metadata["namespace"] = .string(workload.namespace)
    if spec.deletesClaimsWhenDeleted {
      metadata["ownerReferences"] = [OwnerReference(.advancedStatefulSets, workload).value]
    }
    do throws(KubernetesError) {
      try await client.create(
        .persistentVolumeClaims, namespace: workload.namespace,
        [
          "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata,
          "spec": template["spec"] ?? .object(JSONObject()),
        ])
    } catch  where error.code == .alreadyExists {
      return
    }
  }

  private func delete(_ name: String) async throws(KubernetesError) {
    guard let pod = cluster.pod(key(name)) else { return }
    let isCondemned = !spec.ordinals.contains(pod.ordinal)
    if isCondemned, spec.deletesClaimsWhenScaled { try await giveClaims(to: pod) }
    try await client.delete(.pods, key(name), DeleteOptions(uid: pod.metadata.uid))
  }

  /// Makes a condemned pod the owner of its claims, so that they go with it.
  private func giveClaims(to pod: Pod) async throws(KubernetesError) {
    for claim in spec.claims {
      let name = "\(claim["metadata"]?["name"]?.string ?? "")-\(pod.name)"
      let patch: JSONValue = ["metadata": ["ownerReferences": [OwnerReference(.pods, pod).value]]]
      do throws(KubernetesError) {
        try await client.patch(.persistentVolumeClaims, key(name), .merge(patch))
      } catch  where error.code == .notFound {
        continue
      }
    }
  }

  private func setLifecycle(_ name: String, _ state: String) async throws(KubernetesError) {
    try await client.patch(
      .pods, key(name),
      .merge([
        "metadata": [
          "labels": [GameLabels.lifecycleState: .string(state)],
          "annotations": ["lifecycle.apps.kruise.io/timestamp": .string(now.description)],
        ]
      ]))
  }

  /// Takes a pod out of service for its update; the images follow at once, or after the grace period.
  private func beginInPlace(_ name: String) async throws(KubernetesError) {
    try await setGate(name, isOpen: false, reason: "StartInPlaceUpdate")
    guard spec.graceSeconds > 0 else { return try await patchImages(name) }
    let end = (now + .seconds(spec.graceSeconds)).description
    try await client.patch(
      .pods, key(name),
      .merge([
        "metadata": [
          "labels": [GameLabels.lifecycleState: "Updating"], "annotations": [InPlaceUpdate.graceKey: .string(end)],
        ]
      ]))
  }

  private func patchImages(_ name: String) async throws(KubernetesError) {
    guard let pod = cluster.pod(key(name)), let images = update.inPlaceImages(from: old.template) else { return }
    let changing = pod.containers.filter { images[$0.name].map { image in image != "" } ?? false }
      .filter { images[$0.name] != $0.image }.map(\.name)
    let before = pod.containerStatuses.filter { changing.contains($0.name) }
      .map { JSONObject.Member($0.name, ["imageID": .string($0.imageID)]) }
    let record: JSONValue = [
      "revision": .string(update.name), "updateTimestamp": .string(now.description),
      "lastContainerStatuses": .object(JSONObject(before)),
    ]
    var labels = (update.template["metadata"]?["labels"]?.object ?? JSONObject())
    labels[GameLabels.revision] = .string(update.name)
    labels[GameLabels.lifecycleState] = "Updating"
    var annotations = update.template["metadata"]?["annotations"]?.object ?? JSONObject()
    annotations[InPlaceUpdate.stateKey] = .string(record.text)
    annotations[InPlaceUpdate.graceKey] = .null
    let containers = changing.map { name -> JSONValue in
      ["name": .string(name), "image": .string(images[name] ?? "")]
    }
    var patch: JSONValue = ["metadata": ["labels": .object(labels), "annotations": .object(annotations)]]
    if !containers.isEmpty { patch["spec"] = ["containers": .array(containers)] }
    try await client.patch(.pods, key(name), .strategicMerge(patch))
  }

  private func finish(_ name: String) async throws(KubernetesError) {
    try await setGate(name, isOpen: true, reason: "")
    let isDone = spec.inPlaceUpdate?.isFullyHooked(cluster.pod(key(name))?.metadata ?? ObjectMetadata(nil)) ?? true
    try await setLifecycle(name, isDone ? "Normal" : "Updated")
  }

  private func setGate(_ name: String, isOpen: Bool, reason: String) async throws(KubernetesError) {
    guard let pod = cluster.pod(key(name)) else { return }
    let time = JSONValue.string(now.description)
    var gate: JSONValue = [
      "type": "InPlaceUpdateReady", "status": isOpen ? "True" : "False", "lastTransitionTime": time,
    ]
    if !reason.isEmpty { gate["reason"] = .string(reason) }
    var conditions = [gate]
    // A closed gate makes the pod unready at once; kubelet would say so a moment later.
    if !isOpen, pod.isReady {
      conditions.append([
        "type": "Ready", "status": "False", "lastTransitionTime": time, "reason": "ReadinessGatesNotReady",
      ])
    }
    try await client.patch(
      .pods, key(name), subresource: "status", .strategicMerge(["status": ["conditions": .array(conditions)]]))
  }
}
