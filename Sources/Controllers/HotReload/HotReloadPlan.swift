import HotReload
import JSON
import Kubernetes

/// What one pass over a game server's hot reload writes: at most one patch of the pod and one of the game server.
///
/// A function of the two objects and nothing else; both patches are nil where they show everything already.
struct HotReloadPlan: Sendable {
  /// What the pass came to; nil for a server without hot reload.
  let result: HotReloadResult?
  /// What the game sees; nil while that is not known.
  let revision: String?
  /// The change of the sidecar's image, a strategic merge patch.
  private(set) var podPatch: JSONValue?
  /// The change of the game server's annotations, a merge patch.
  private(set) var serverPatch: JSONValue?
  /// What users should know of the game server.
  private(set) var events: [ClusterEvent] = []
  /// The revision that the game server has just reached, coming from another one.
  private(set) var reached: String?

  init(_ pod: Pod, _ server: GameServer) {
    let annotations = server.metadata.annotations
    let before = annotations[HotReloadAnnotation.revision.key]
    var explanation = ""
    switch HotReloadPod(pod) {
    case .notRequested: (result, revision) = (nil, nil)
    case .unusable(let error):
      (result, revision) = (.unusable, before)
      explanation = error.description
    case .withoutSidecar:
      (result, revision) = (.missing, nil)
      explanation = "the pod was admitted without the sidecar and gets it when it is made anew"
    case .sidecar(let sidecar):
      let next = Next(sidecar, pod, server)
      (result, explanation) = (next.result, next.explanation)
      // Until the new set is there, the game sees the old one.
      revision = next.state.revision ?? before
      podPatch = next.patch
    }
    serverPatch = Self.patch(annotations, result?.text, revision)
    guard let result, annotations[HotReloadAnnotation.result.key] != result.text else { return }
    if result == .current, let revision, let before, before != revision { reached = revision }
    events = Self.event(result, explanation, reached).map { [$0] } ?? []
  }

  /// Annotations that differ from the wanted ones; nil for one that is wanted takes it away.
  private static func patch(_ live: StringMap, _ result: String?, _ revision: String?) -> JSONValue? {
    var annotations = JSONObject()
    for (key, wanted) in [(HotReloadAnnotation.result.key, result), (HotReloadAnnotation.revision.key, revision)]
    where live[key] != wanted { annotations[key] = wanted.map(JSONValue.string) ?? .null }
    return annotations.isEmpty ? nil : ["metadata": ["annotations": .object(annotations)]]
  }

  /// What is worth an event; a first start is not.
  private static func event(_ result: HotReloadResult, _ explanation: String, _ reached: String?) -> ClusterEvent? {
    switch result {
    case .pending: nil
    case .current: reached.map { ClusterEvent(.normal, "HotReloaded", "the game sees \($0)") }
    case .held: ClusterEvent(.normal, "HotReloadHeld", explanation)
    case .updating: ClusterEvent(.normal, "HotReloadUpdating", explanation)
    case .failed(let reason): ClusterEvent(.warning, "HotReloadFailed", "the sidecar does not start: \(reason)")
    case .outdated: ClusterEvent(.warning, "HotReloadOutdated", explanation)
    case .missing: ClusterEvent(.warning, "HotReloadMissing", explanation)
    case .unusable: ClusterEvent(.warning, "HotReloadUnusable", explanation)
    }
  }
}

extension HotReloadPlan {
  /// What a pod with a sidecar needs next.
  struct Next: Sendable {
    let state: SidecarState
    let result: HotReloadResult
    var explanation = ""
    var patch: JSONValue?

    init(_ sidecar: RunningSidecar, _ pod: Pod, _ server: GameServer) {
      state = SidecarState(sidecar, SidecarUpdate(pod))
      let live = sidecar.container.image
      switch Self.override(sidecar, server) ?? sidecar.wish {
      case .newPod(let reason):
        result = .outdated
        explanation = "\(reason): it takes effect when the pod is made anew"
      case .image(let image) where image == live:
        result = Self.result(of: state.phase, isMet: sidecar.unmet.isEmpty)
        if result == .outdated { explanation = Self.explain(sidecar.unmet) }
      case .image(let image) where Self.isFree(sidecar, pod, server):
        result = .updating
        explanation = "the sidecar goes from \(live) to \(image)"
        patch = Self.patch(sidecar, pod, image)
      case .image(let image):
        result = .held
        explanation = "\(image) waits until the server is free"
      }
    }

    /// The image that users gave this one server's sidecar, to try assets out on it: it wins, as for every other container.
    private static func override(_ sidecar: RunningSidecar, _ server: GameServer) -> RunningSidecar.Wish? {
      let own = server.containers.first { $0.name == sidecar.container.name && !$0.image.isEmpty }
      return own.map { .image($0.image) }
    }

    private static func result(of phase: SidecarState.Phase, isMet: Bool) -> HotReloadResult {
      switch phase {
      case .starting: .pending
      case .restarting: .updating
      case .failed(let reason): .failed(reason)
      case .running: isMet ? .current : .outdated
      }
    }

    private static func explain(_ unmet: [HotReloadAnnotation]) -> String {
      "\(unmet.map(\.rawValue).joined(separator: ", ")) changed: it takes effect when the pod is made anew"
    }

    /// Whether the server may be disturbed, as its pod knows it and as users have set it since.
    private static func isFree(_ sidecar: RunningSidecar, _ pod: Pod, _ server: GameServer) -> Bool {
      sidecar.isGateOpen(opsState: pod.metadata.labels[GameLabels.opsState])
        && sidecar.isGateOpen(opsState: server.opsState)
    }

    /// One image, bound to the pod as it was seen: a server that became allocated meanwhile is left alone.
    private static func patch(_ sidecar: RunningSidecar, _ pod: Pod, _ image: String) -> JSONValue {
      [
        "metadata": [
          "resourceVersion": .string(pod.metadata.resourceVersion),
          "annotations": [HotReloadAnnotation.update.key: .string(SidecarUpdate(to: image, sidecar).text)],
        ],
        "spec": [sidecar.list.rawValue: [["name": .string(sidecar.container.name), "image": .string(image)]]],
      ]
    }
  }
}
