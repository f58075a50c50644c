import ArgumentParser
import Kubernetes

/// What decisions depend on besides the object, with manifests in place of a cluster.
struct DecisionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A manifest, or a folder of them, that stands in for the cluster (repeatable).",
      discussion: "YAML or JSON, also several documents in a file and kind List.", valueName: "path"))
  var objects: [String] = []

  @OptionGroup var policy: PolicyOptions

  /// The objects of `--objects`.
  func cluster() throws(InputError) -> ManifestCluster { try ManifestCluster(objects) }

  /// Everything that decides, over a view of the cluster.
  func decider(_ store: ObjectStore) throws(InputError) -> Decider { Decider(store, try policy.policy()) }
}
