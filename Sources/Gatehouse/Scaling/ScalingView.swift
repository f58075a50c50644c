import JSON
import KubeClient
import Kubernetes

/// What the scaler would see of one set: its servers, and the triggers that ask about it.
struct ScalingView: Sendable {
  private static let scaledObjects = Resource(
    group: "keda.sh", version: "v1alpha1", plural: "scaledobjects", kind: "ScaledObject")

  /// The set and its pods.
  let store: ObjectStore
  /// The triggers of ScaledObjects.
  let triggers: [ScaledObjectTriggers.Found]
  /// Where all this is from, for messages.
  let place: String

  /// What manifests say.
  static func manifests(_ key: NamespacedName, _ paths: [String]) throws(InputError) -> ScalingView {
    ScalingView(
      store: try ManifestCluster(paths).store, triggers: try ScaledObjectTriggers.find(key, in: paths),
      place: paths.joined(separator: ", "))
  }

  /// What a cluster says at this moment.
  static func cluster(_ key: NamespacedName, _ options: ClusterOptions) throws -> ScalingView {
    try options.ask { client, server async throws(KubernetesError) in try await read(key, client, server) }
  }

  private static func read(
    _ key: NamespacedName, _ client: KubeClient, _ server: String
  ) async throws(KubernetesError) -> ScalingView {
    let store = ObjectStore()
    let sets = try await client.list(
      .gameServerSets, namespace: key.namespace, labelSelector: "", fieldSelector: "metadata.name=\(key.name)")
    store.replace(.gameServerSets, with: sets)
    let pods = try await client.list(
      .pods, namespace: key.namespace, labelSelector: "\(GameLabels.ownerSet)=\(key.name)", fieldSelector: "")
    store.replace(.pods, with: pods)
    let triggers = try await scaledObjects(key, client).flatMap { object in
      ScaledObjectTriggers.triggers(of: object, from: "ScaledObject \(object.key)", for: key)
    }
    return ScalingView(store: store, triggers: triggers, place: server)
  }

  /// The ScaledObjects of the namespace; none where KEDA is not installed.
  private static func scaledObjects(
    _ key: NamespacedName, _ client: KubeClient
  ) async throws(KubernetesError) -> [KubernetesObject] {
    do throws(KubernetesError) {
      return try await client.list(Self.scaledObjects, namespace: key.namespace, labelSelector: "", fieldSelector: "")
    } catch  where error.code == .notFound {
      return []
    }
  }
}
