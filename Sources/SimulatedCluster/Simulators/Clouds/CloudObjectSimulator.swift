public import JSON
public import Kubernetes

/// Plays a cloud's operator: gives each object of a kind a status once the cloud had its time.
public final class CloudObjectSimulator: SimulatedController {
  /// The name in logs.
  public let name: String
  private let resource: Resource
  private let client: any ClusterClient
  private let cluster: ObjectStore
  private let status: @Sendable (KubernetesObject) -> JSONValue
  private let schedule: CloudSchedule

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
    schedule = CloudSchedule(resource, in: cluster, usual: usual)
    self.status = status
  }

  /// Says how the cloud answers for one object from now on.
  public func script(_ key: NamespacedName, _ answer: LoadBalancerAnswer) {
    schedule.script(key, answer)
  }

  /// The next moment at which the cloud has done something.
  public var nextDue: Timestamp? { schedule.nextDue }

  /// Looks at every object that changed or whose time has come.
  public func step(now: Timestamp) async -> Bool {
    var isChanged = false
    for key in schedule.take(now: now) {
      guard let object = cluster.object(resource, key), !object.metadata.isBeingDeleted else { continue }
      guard schedule.isDue(object, now) else { continue }
      if await report(object, now) { isChanged = true }
    }
    return isChanged
  }

  private func report(_ object: KubernetesObject, _ now: Timestamp) async -> Bool {
    let wanted = status(object)
    guard object.json["status"].map({ !$0.isEqual(to: wanted) }) ?? true else { return false }
    return await schedule.write(object.key, now) { () async throws(KubernetesError) in
      try await client.patch(resource, object.key, subresource: "status", .merge(["status": wanted]))
    }
  }
}
