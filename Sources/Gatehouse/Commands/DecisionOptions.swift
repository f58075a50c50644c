import ArgumentParser
import GameAdmission
import HotReload
import NetworkPlugins

/// How strict validation is, as `--validation` takes it.
enum ValidationLevel: String, CaseIterable, ExpressibleByArgument {
  case strict
  case warn
}

/// What decisions depend on besides the object: the cluster, the providers, how strict validation is.
struct DecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A manifest, or a folder of them, that stands in for the cluster (repeatable).",
      discussion: "YAML or JSON, also several documents in a file and kind List.", valueName: "path"))
  var objects: [String] = []

  @Option(
    help: ArgumentHelp(
      "The TOML file that enables network providers and sets their port ranges.",
      discussion: "Without it, what OpenKruiseGame ships applies: HostPort gives 8000 to 9000.", valueName: "file"))
  var providerConfig: String?

  @Option(
    help: ArgumentHelp(
      "strict, or warn to turn refusals that OpenKruiseGame does not know into warnings."))
  var validation = ValidationLevel.strict

  @Option(
    help: ArgumentHelp("The image of the hot-reload sidecar, where an annotation names no other.", valueName: "image"))
  var agentImage = "gatehouse:\(Gatehouse.version)"

  /// What hot reload takes where an annotation says nothing; a cluster of today knows native sidecars (Kubernetes 1.29).
  var hotReload: HotReloadDefaults {
    HotReloadDefaults(agentImage: agentImage, serverSupportsNativeSidecars: true)
  }

  /// The objects of `--objects`.
  func cluster() throws(InputError) -> ManifestCluster { try ManifestCluster(objects) }

  /// The configuration of the file, or the shipped one.
  func configuration() throws(InputError) -> ProviderConfiguration {
    guard let providerConfig else { return .shipped }
    return try ProviderFile.load(providerConfig)
  }
}
