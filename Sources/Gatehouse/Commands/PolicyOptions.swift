import ArgumentParser
import GameAdmission
import NetworkPlugins

/// How strict validation is, as `--validation` takes it.
enum ValidationLevel: String, CaseIterable, ExpressibleByArgument {
  case strict
  case warn
}

/// What decisions depend on besides the object and the cluster: the providers, how strict validation is, the agent's image.
struct PolicyOptions: ParsableArguments {
  /// Where the shipped manifests mount the provider configuration, as OpenKruiseGame's do.
  static let mountedProviderConfig = "/etc/kruise-game/config.toml"

  @Option(
    help: ArgumentHelp(
      "The TOML file that enables network providers and sets their port ranges.",
      discussion:
        "Without it, what OpenKruiseGame ships applies: HostPort gives 8000 to 9000. A manager looks for /etc/kruise-game/config.toml first.",
      valueName: "file"))
  var providerConfig: String?

  @Option(
    help: ArgumentHelp(
      "strict, or warn to turn refusals that OpenKruiseGame does not know into warnings."))
  var validation = ValidationLevel.strict

  @Option(
    help: ArgumentHelp("The image of the hot-reload sidecar, where an annotation names no other.", valueName: "image"))
  var agentImage = "gatehouse-hot-reload-agent:\(Gatehouse.version)"

  /// The policy of these options.
  ///
  /// - Parameters:
  ///   - fallbackConfig: the file to read where none is named and this one is there.
  ///   - supportsNativeSidecars: whether the API server keeps containers that start before the others (Kubernetes 1.29).
  func policy(
    fallbackConfig: String? = nil, supportsNativeSidecars: Bool = true
  ) throws(InputError) -> DecisionPolicy {
    let path = providerConfig ?? fallbackConfig.flatMap { FileText.exists($0) ? $0 : nil }
    let configuration: ProviderConfiguration =
      if let path { try ProviderFile.load(path) } else { .shipped }
    return DecisionPolicy(
      configuration: configuration, validation: validation == .strict ? .strict : .warn, agentImage: agentImage,
      supportsNativeSidecars: supportsNativeSidecars)
  }
}
