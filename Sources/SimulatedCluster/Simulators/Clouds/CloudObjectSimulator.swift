public import JSON
public import Kubernetes
import Synchronization

/// Plays a cloud's operator: gives each object of a kind a status once the cloud had its time.
public final class CloudObjectSimulator: SimulatedController {
  /// The name in logs.
  public let name: String
  private let resource: Resource
  private let client: any ClusterClient
  private let cluster: ObjectStore
  private let usual: LoadBalancerAnswer
  private let status: @Sendable (KubernetesObject) -> JSONValue
  private let keys = KeyTimers()
  private let script = Mutex<[NamespacedName: LoadBalancerAnswer]>([:])
  private let asked = Mutex<[String: Timestamp]>([:])

  /// A simulator of one kind of object.
  ///
  /// - Parameters:
  ///   - usual: how the cloud answers where a script does not say otherwise.
  ///   - status: what the status of an object becomes.
  public init(
    _ resource: Resource, client: any ClusterClient, cluster: ObjectStore,
    usual: LoadBalancerAnswer = .after(.seconds(2)), status: @escaping @Sendable (KubernetesObject) -> JSONValue
  ) {
    name = "cloud-\(resource.plural)"
    self.resource = resource
    self.client = client
    self.cluster = cluster
    self.usual = usual
    self.status = status
    cluster.observe(resource) { [keys] _, new in if let new { keys.mark(new.key) } }
  }

  /// Says how the cloud answers for one object from now on.
  public func script(_ key: NamespacedName, _ answer: LoadBalancerAnswer) {
    script.withLock { $0[key] = answer }
    keys.mark(key)
  }

  /// The next moment at which the cloud has done something.
  public var nextDue: Timestamp? { keys.next }

  /// Looks at every object that changed or whose time has come.
  public func step(now: Timestamp) async -> Bool {
    var isChanged = false
    for key in keys.take(now: now) {
      guard let object = cluster.object(resource, key), !object.metadata.isBeingDeleted else { continue }
      let start = asked.withLock { asked in
        let start = asked[object.metadata.uid] ?? now
        asked[object.metadata.uid] = start
        return start
      }
      guard case .after(let delay) = script.withLock({ $0[key] }) ?? usual else { continue }
      guard now >= start + delay else {
        keys.mark(key, at: start + delay)
        continue
      }
      if await report(object, now) { isChanged = true }
    }
    return isChanged
  }

  private func report(_ object: KubernetesObject, _ now: Timestamp) async -> Bool {
    let wanted = status(object)
    guard object.json["status"].map({ !$0.isEqual(to: wanted) }) ?? true else { return false }
    do throws(KubernetesError) {
      try await client.patch(resource, object.key, subresource: "status", .merge(["status": wanted]))
      return true
    } catch {
      if error.code != .notFound { keys.mark(object.key, at: now + .seconds(1)) }
      return false
    }
  }
}

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
