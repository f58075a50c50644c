import JSON
import Kubernetes

extension GameServerSetReconciler {
  /// Whether the rest of a pass may go on after the marker was looked at.
  enum MarkerProgress: Sendable {
    /// The marker is as it should be.
    case settled
    /// The marker was written; its change brings the set back.
    case written
    /// Nobody has observed the marker yet; look again after this time.
    case waiting(Duration)
  }

  /// How long a set waits for its probe marker to be observed before it goes on without.
  ///
  /// Pods that are admitted before the marker is known get no probes on serverless nodes; pods that are never made serve nobody. A running
  /// OpenKruise observes within a second or two.
  static var markerPatience: Duration { .seconds(30) }

  /// Brings the probe marker to what the set wants, before there are pods that need it.
  func syncMarker(_ set: GameServerSet) async throws(KubernetesError) -> MarkerProgress {
    let marker = cluster.object(.podProbeMarkers, set.key)?.as(PodProbeMarker.self)
    guard ProbeMarkerProjection.isWanted(by: set) else {
      guard let marker, !marker.metadata.isBeingDeleted else { return .settled }
      try await writer.delete(.podProbeMarkers, set.key, DeleteOptions(uid: marker.metadata.uid))
      return .settled
    }
    let spec = ProbeMarkerProjection.spec(of: set)
    let hash = ProjectionHash.text(spec)
    guard let marker else { return try await createMarker(set, spec, hash) }
    // The hash tells what was wanted last, and the marker itself whether somebody changed it since.
    guard marker.metadata.annotations.has(GameAnnotations.probeMarkerHash, hash),
      spec.isContained(in: marker.json["spec"])
    else {
      return try await updateMarker(set, marker, spec, hash)
    }
    return await wait(for: marker, set)
  }

  private func createMarker(
    _ set: GameServerSet, _ spec: JSONValue, _ hash: String
  ) async throws(KubernetesError) -> MarkerProgress {
    let marker: JSONValue = [
      "apiVersion": .string(Resource.podProbeMarkers.apiVersion), "kind": .string(Resource.podProbeMarkers.kind),
      "metadata": [
        "name": .string(set.name), "namespace": .string(set.namespace),
        "annotations": [GameAnnotations.probeMarkerHash: .string(hash)],
        "ownerReferences": [OwnerReference(.gameServerSets, set).value],
      ],
      "spec": spec,
    ]
    do throws(KubernetesError) {
      try await writer.create(.podProbeMarkers, namespace: set.namespace, marker)
      record(.normal, "CreatePpm", "create PodProbeMarker", on: set)
    } catch  where error.code == .alreadyExists {
      return .written
    }
    return .written
  }

  private func updateMarker(
    _ set: GameServerSet, _ marker: PodProbeMarker, _ spec: JSONValue, _ hash: String
  ) async throws(KubernetesError) -> MarkerProgress {
    let patch: JSONValue = [
      "metadata": [
        "resourceVersion": .string(marker.metadata.resourceVersion),
        "annotations": [GameAnnotations.probeMarkerHash: .string(hash)],
      ],
      "spec": spec,
    ]
    try await writer.patch(.podProbeMarkers, set.key, .merge(patch))
    record(.normal, "UpdatePpm", "update PodProbeMarker", on: set)
    return .written
  }

  private func wait(for marker: PodProbeMarker, _ set: GameServerSet) async -> MarkerProgress {
    let generation = marker.metadata.generation
    guard marker.observedGeneration != generation else { return .settled }
    let wait = marks.wait(set.key, uid: marker.metadata.uid, generation: generation, now: now())
    let waited = now() - wait.since
    guard waited >= Self.markerPatience else { return .waiting(Self.markerPatience - waited) }
    if !wait.wasReported {
      marks.markReported(set.key)
      record(
        .warning, "PodProbeMarkerNotObserved",
        "nothing observed the PodProbeMarker for \(Self.markerPatience.components.seconds) s; going on without service "
          + "qualities: check that OpenKruise runs with the feature gate PodProbeMarkerGate", on: set)
    }
    return .settled
  }
}
