import JSON

/// The user that the sidecar runs as, and what that user may do.
///
/// The sidecar is an ordinary user without any capability. Only a signal needs more: Linux lets a process signal those of its own user, so the agent runs
/// as the game's user where the pod says which one that is. Where it does not, or says root, the agent has to be root with the capability KILL and no other:
/// Kubernetes gives added capabilities to root alone.
enum SidecarUser {
  /// A user of its own; the number is the one that distroless images call `nonroot`.
  case unprivileged
  /// The user of the game, known from the pod.
  case game(user: Int, group: Int?)
  /// Root, that may send signals and nothing else.
  case signaller

  init(_ notification: ReloadNotification, targets: [PodShape.Container]) {
    guard case .signal = notification else {
      self = .unprivileged
      return
    }
    let users = Set(targets.map { $0.user ?? 0 })
    if let user = users.first, users.count == 1, user != 0 {
      self = .game(user: user, group: targets.compactMap(\.group).first)
    } else {
      self = .signaller
    }
  }

  /// The `securityContext` of a container that hot reload adds.
  ///
  /// All of them run as one user, so that the sidecar may replace what the one before it wrote.
  /// - Parameter signals: whether the container notifies the game.
  func securityContext(signals: Bool) -> JSONValue {
    var context: JSONValue = [:]
    var capabilities: JSONValue = ["drop": ["ALL"]]
    switch self {
    case .unprivileged:
      context["runAsNonRoot"] = true
      context["runAsUser"] = 65532
      context["runAsGroup"] = 65532
    case .game(let user, let group):
      context["runAsNonRoot"] = true
      context["runAsUser"] = .int(user)
      if let group { context["runAsGroup"] = .int(group) }
    case .signaller:
      context["runAsNonRoot"] = false
      context["runAsUser"] = 0
      if signals { capabilities["add"] = ["KILL"] }
    }
    context["readOnlyRootFilesystem"] = true
    context["allowPrivilegeEscalation"] = false
    context["capabilities"] = capabilities
    context["seccompProfile"] = ["type": "RuntimeDefault"]
    return context
  }
}
