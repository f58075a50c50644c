/// One parameter of a plugin: its name, what may stand in it and what it does.
///
/// The declarations are the one source for validation, for the documentation and for reading the values.
public struct ParameterDeclaration: Sendable, Hashable {
  /// The name as it stands in `networkConf`; compared exactly.
  public let name: String
  /// One sentence about what it does.
  public let summary: String
  /// What a value looks like.
  public let kind: ParameterKind
  /// What counts where the parameter is absent; nil where nothing does.
  public let defaultValue: String?
  /// Whether the plugin cannot work without it.
  public let isRequired: Bool
  /// Whether several entries add up; of a parameter that does not repeat the last entry counts.
  public let isRepeatable: Bool

  /// Declares a parameter.
  public init(
    _ name: String, _ kind: ParameterKind, default defaultValue: String? = nil, required: Bool = false,
    repeatable: Bool = false, _ summary: String
  ) {
    self.name = name
    self.summary = summary
    self.kind = kind
    self.defaultValue = defaultValue
    isRequired = required
    isRepeatable = repeatable
  }

  /// What a value looks like, in words for people.
  public var grammar: String { kind.grammar }
}

extension ParameterDeclaration {
  /// The name of the parameter that every plugin with a Service takes and the GameServerSet controller reads.
  public static let allowNotReadyContainersName = "AllowNotReadyContainers"

  /// Keeps traffic flowing while the listed containers are updated in place.
  static let allowNotReadyContainers = ParameterDeclaration(
    allowNotReadyContainersName, .names,
    "Containers whose in-place update does not take the server out of its Service; presence alone holds updates back.")

  /// Keeps objects and ports across re-creation of the pod.
  static let fixed = ParameterDeclaration(
    "Fixed", .bool, default: "false", "Keeps the objects and ports when the pod is re-created under the same name.")

  /// The ports of a plugin that adds repeated entries up.
  static func portProtocols(_ summary: String = "Ports of the container to publish.") -> ParameterDeclaration {
    ParameterDeclaration("PortProtocols", .ports(.tcpAndUDP), required: true, repeatable: true, summary)
  }

  /// The policy by which a Service chooses a way to the pod.
  static func externalTrafficPolicy(default word: String) -> ParameterDeclaration {
    ParameterDeclaration(
      "ExternalTrafficPolicyType", .word(["Cluster", "Local"], .anyCase), default: word,
      "The external traffic policy of the Service.")
  }

  /// Extra annotations of the Service.
  static let serviceAnnotations = ParameterDeclaration(
    "Annotations", .annotations, repeatable: true,
    "Extra annotations of the Service; keys that the plugin writes itself stay its own.")

  /// Whether the Service also gets node ports.
  static let allocateNodePorts = ParameterDeclaration(
    "AllocateLoadBalancerNodePorts", .bool, default: "true", "Whether the Service also gets node ports.")
}
