import JSON
public import Kubernetes

/// Plays a cloud's controller that makes an object of its own for each pod that asks for one with an annotation.
public final class PodObjectSimulator: SimulatedController {
  /// The name in logs.
  public let name: String
  private let resource: Resource
  private let annotation: String
  private let client: any ClusterClient
  private let cluster: ObjectStore
  private let keys = KeyTimers()

  /// A simulator that makes objects of a kind, named after and owned by the pods whose annotation is `true`.
  public init(_ resource: Resource, annotation: String, client: any ClusterClient, cluster: ObjectStore) {
    name = "cloud-pod-\(resource.plural)"
    self.resource = resource
    self.annotation = annotation
    self.client = client
    self.cluster = cluster
    cluster.observe(.pods) { [keys] _, new in if let new { keys.mark(new.key) } }
    cluster.observe(resource) { [keys] old, new in if new == nil, let old { keys.mark(old.key) } }
  }

  /// The next moment at which a call that failed is tried again.
  public var nextDue: Timestamp? { keys.next }

  /// Looks at every pod that changed.
  public func step(now: Timestamp) async -> Bool {
    var isChanged = false
    for key in keys.take(now: now) {
      guard let pod = cluster.pod(key), pod.metadata.annotations.has(annotation, "true"), !pod.podIP.isEmpty,
        !pod.metadata.isBeingDeleted, cluster.object(resource, key) == nil
      else { continue }
      let object: JSONValue = [
        "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind),
        "metadata": ["name": .string(key.name), "ownerReferences": [OwnerReference(.pods, pod).value]],
      ]
      do throws(KubernetesError) {
        try await client.create(resource, namespace: key.namespace, object)
        isChanged = true
      } catch {
        keys.mark(key, at: now + .seconds(1))
      }
    }
    return isChanged
  }
}
