import JSON
import Kubernetes

/// The triggers of KEDA's ScaledObjects in manifests that ask this product's scaler.
enum ScaledObjectTriggers {
  /// One trigger, and where it is from.
  struct Found {
    /// The manifest as messages name it.
    let source: String
    /// The trigger's metadata.
    let metadata: [String: String]
    /// The bounds that the HPA holds to.
    let bounds: ClosedRange<Int>
  }

  /// The external triggers of ScaledObjects that scale a set, in the order of the files.
  static func find(_ set: NamespacedName, in paths: [String]) throws(InputError) -> [Found] {
    var found: [Found] = []
    for path in paths {
      for file in try ManifestFiles.find(path) {
        for manifest in try ManifestFile.load(file) {
          found += triggers(of: manifest.object, from: "\(manifest.file):\(manifest.line)", for: set)
        }
      }
    }
    return found
  }

  /// The external triggers of an object; none for another kind than a ScaledObject, or one of another set.
  static func triggers(of object: KubernetesObject, from source: String, for set: NamespacedName) -> [Found] {
    guard object.kind == "ScaledObject", object.apiVersion.hasPrefix("keda.sh/"), object.namespace == set.namespace
    else { return [] }
    let spec = object.json["spec"]
    return spec?["triggers"]?.elements.compactMap { trigger in
      guard let type = trigger["type"]?.string, ["external", "external-push"].contains(type) else { return nil }
      let metadata = StringMap(trigger["metadata"]).dictionary
      // As the scaler does: it is told the ScaledObject's name, and the set's where the metadata has it.
      guard (metadata["gameServerSet"] ?? object.name) == set.name else { return nil }
      let least = max(0, spec?["minReplicaCount"]?.int ?? 0)
      let most = max(least, spec?["maxReplicaCount"]?.int ?? 100)
      return Found(source: source, metadata: metadata, bounds: least...most)
    } ?? []
  }
}
