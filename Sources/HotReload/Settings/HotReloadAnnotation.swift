/// The annotations of hot reload; the texts are a contract with users and with the controller.
///
/// Users write them on `spec.gameServerTemplate.metadata.annotations`; the webhook and the controller write the last four.
public enum HotReloadAnnotation: String, Sendable, CaseIterable {
  case inject
  case source
  case sourcePath = "source-path"
  case mount
  case containers
  case notify
  case notifyTarget = "notify-target"
  case gate
  case resources
  case mode
  case agentImage = "agent-image"
  case sizeLimit = "size-limit"
  /// The hash of the inputs of an injection, written by the webhook.
  case status
  /// The revision that a game server shows, written by the controller on GameServers.
  case revision
  /// The outcome of the last notification, written by the controller on GameServers.
  case result
  /// What the sidecar was before its image was last changed, written by the controller on pods.
  case update

  /// What every key starts with.
  public static let prefix = "hot-reload.game.kruise.io/"

  /// The whole key.
  public var key: String { HotReloadAnnotation.prefix + rawValue }

  /// Whether users write it.
  public var isInput: Bool {
    switch self {
    case .status, .revision, .result, .update: false
    default: true
    }
  }

  /// The names that users may write, for messages.
  static var inputNames: String { allCases.filter(\.isInput).map(\.rawValue).joined(separator: ", ") }
}
