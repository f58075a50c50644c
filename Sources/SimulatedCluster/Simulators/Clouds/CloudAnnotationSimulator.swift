public import JSON
public import Kubernetes

/// Plays a cloud's controller that answers with annotations on the object that asks: pods with an address of their own, Services whose load
/// balancer the cloud makes.
public final class CloudAnnotationSimulator: SimulatedController {
  /// The name in logs.
  public let name: String
  private let resource: Resource
  private let client: any ClusterClient
  private let cluster: ObjectStore
  private let answer: @Sendable (KubernetesObject) -> JSONObject?
  private let schedule: CloudSchedule

  /// A simulator of one kind of object.
  ///
  /// - Parameters:
  ///   - usual: how the cloud answers where a script does not say otherwise.
  ///   - answer: the annotations that the cloud writes, null for those that it removes; nil for objects that ask for nothing.
  public init(
    _ resource: Resource, client: any ClusterClient, cluster: ObjectStore,
    usual: LoadBalancerAnswer = .after(.seconds(2)), answer: @escaping @Sendable (KubernetesObject) -> JSONObject?
  ) {
    name = "cloud-annotations-\(resource.plural)"
    self.resource = resource
    self.client = client
    self.cluster = cluster
    schedule = CloudSchedule(resource, in: cluster, usual: usual)
    self.answer = answer
  }

  /// Says how the cloud answers one object from now on.
  public func script(_ key: NamespacedName, _ answer: LoadBalancerAnswer) {
    schedule.script(key, answer)
  }

  /// The next moment at which the cloud has done something.
  public var nextDue: Timestamp? { schedule.nextDue }

  /// Looks at every object that changed or whose time has come.
  public func step(now: Timestamp) async -> Bool {
    var isChanged = false
    for key in schedule.take(now: now) where await look(at: key, now) { isChanged = true }
    return isChanged
  }

  private func look(at key: NamespacedName, _ now: Timestamp) async -> Bool {
    guard let object = cluster.object(resource, key), !object.metadata.isBeingDeleted, let wanted = answer(object)
    else { return false }
    let live = object.metadata.annotations
    let changes = wanted.members.filter { live[$0.name] != $0.value.string }
    guard !changes.isEmpty else {
      schedule.settle(object)
      return false
    }
    guard schedule.isDue(object, now) else { return false }
    return await schedule.write(key, now) { () async throws(KubernetesError) in
      try await client.patch(resource, key, .merge(["metadata": ["annotations": .object(JSONObject(changes))]]))
    }
  }
}
