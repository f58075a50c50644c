import JSON
public import Kubernetes
import Synchronization

/// Plays the slow end of a cloud's own objects: a finalizer keeps each until the cloud has taken down what it stood for.
public final class CloudHoldSimulator: SimulatedController {
  /// The name in logs.
  public let name: String
  private let resource: Resource
  private let finalizer: String
  private let client: any ClusterClient
  private let cluster: ObjectStore
  private let letGo: Duration
  private let keys = KeyTimers()
  private let ends = Mutex<[String: Timestamp]>([:])

  /// A simulator of one kind of object.
  ///
  /// - Parameter letGo: how long the cloud takes for an object that is deleted.
  public init(
    _ resource: Resource, finalizer: String, client: any ClusterClient, cluster: ObjectStore,
    letGo: Duration = .seconds(3)
  ) {
    name = "cloud-hold-\(resource.plural)"
    self.resource = resource
    self.finalizer = finalizer
    self.client = client
    self.cluster = cluster
    self.letGo = letGo
    cluster.observe(resource) { [keys] _, new in if let new { keys.mark(new.key) } }
  }

  /// The next moment at which the cloud lets go of something.
  public var nextDue: Timestamp? { keys.next }

  /// Looks at every object that changed or whose time has come.
  public func step(now: Timestamp) async -> Bool {
    var isChanged = false
    for key in keys.take(now: now) {
      guard let object = cluster.object(resource, key), let finalizers = wanted(object, now) else { continue }
      let list = JSONValue.array(finalizers.map { .string($0) })
      do throws(KubernetesError) {
        try await client.patch(resource, key, .merge(["metadata": ["finalizers": list]]))
        isChanged = true
      } catch {
        if error.code != .notFound { keys.mark(key, at: now + .seconds(1)) }
      }
    }
    return isChanged
  }

  /// The finalizers that the object should have now; nil where it has them, or they wait for a later moment.
  private func wanted(_ object: KubernetesObject, _ now: Timestamp) -> [String]? {
    let metadata = object.metadata
    let isHeld = metadata.finalizers.contains(finalizer)
    guard metadata.isBeingDeleted else { return isHeld ? nil : metadata.finalizers + [finalizer] }
    guard isHeld else { return nil }
    let due = ends.withLock { ends in
      let due = ends[metadata.uid] ?? now + letGo
      ends[metadata.uid] = due
      return due
    }
    guard now >= due else {
      keys.mark(object.key, at: due)
      return nil
    }
    ends.withLock { $0[metadata.uid] = nil }
    return metadata.finalizers.filter { $0 != finalizer }
  }
}
