/// What a user asks of hot reload, parsed from the annotations once and valid from then on.
public struct HotReloadSettings: Sendable, Hashable {
  /// When a new revision is published.
  public enum Gate: String, Sendable, CaseIterable {
    /// As soon as it is there.
    case immediate
    /// Only while the server's operational state is not `Allocated`.
    case onEmpty = "on-empty"
  }

  /// What kind of container the sidecar is.
  public enum Mode: String, Sendable, CaseIterable {
    /// Native where the API server knows native sidecars (1.29 or newer).
    case auto
    /// An init container with `restartPolicy: Always`.
    case native
    /// A container beside the game's, with an init container that publishes the first revision.
    case container
  }

  /// Where the assets come from.
  public let source: AssetSource
  /// The directory in the game container where they appear.
  public let mount: MountPath
  /// The containers that get the mount; empty stands for the first container.
  public let containers: [String]
  /// How the game is told.
  public let notification: ReloadNotification
  /// When a new revision is published.
  public let gate: Gate
  /// What the sidecar may use.
  public let resources: SidecarResources
  /// What kind of container the sidecar is.
  public let mode: Mode
  /// The image that holds the agent; nil for the product's own.
  public let agentImage: String?
  /// How large the published revisions may become.
  public let sizeLimit: Quantity

  /// Reads the settings from the annotations of a pod or template; nil where hot reload is not enabled.
  ///
  /// - Throws: ``HotReloadError`` for the first annotation that is missing or does not parse. Warnings are not errors.
  public init?(annotations: [String: String]) throws(HotReloadError) {
    let parsed = HotReloadSettings.parse { annotations[$0] }
    if let problem = parsed.problems.first(where: { !$0.isWarning }) { throw HotReloadError(problem) }
    guard let settings = parsed.settings else { return nil }
    self = settings
  }

  init(_ parser: SettingsParser, source: AssetSource, mount: MountPath) {
    self.source = source
    self.mount = mount
    containers = parser.containers
    notification = parser.notification
    gate = parser.gate
    resources = parser.resources
    mode = parser.mode
    agentImage = parser.agentImage
    sizeLimit = parser.sizeLimit ?? source.defaultSizeLimit
  }

  /// Reads the settings and lists every problem instead of stopping at the first; no settings where one of them is an error.
  static func parse(_ annotation: (String) -> String?) -> (settings: HotReloadSettings?, problems: [HotReloadProblem]) {
    var parser = SettingsParser(annotation)
    let settings = parser.parse()
    return (settings, parser.problems)
  }

  /// A text that differs where two settings differ, for the fingerprint.
  var canonicalText: String {
    [
      source.description, mount.path, containers.joined(separator: ","), notification.description,
      notification.target?.description ?? "", gate.rawValue, resources.description, mode.rawValue, agentImage ?? "",
      sizeLimit.text,
    ].joined(separator: "\n")
  }
}

/// What the installation decides for every sidecar.
public struct HotReloadDefaults: Sendable, Hashable {
  /// The image that holds the agent at ``AgentPaths/binary``.
  public var agentImage: String
  /// Whether the API server is 1.29 or newer, where native sidecars are on by default.
  public var serverSupportsNativeSidecars: Bool

  /// Chooses the defaults.
  public init(agentImage: String, serverSupportsNativeSidecars: Bool) {
    self.agentImage = agentImage
    self.serverSupportsNativeSidecars = serverSupportsNativeSidecars
  }
}
