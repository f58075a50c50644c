import JSON
public import Kubernetes
import Synchronization

/// Plays what a cloud's own controller does to Services and pods besides giving addresses: marks of its own, slow ends, readiness.
///
/// A Service that it serves gets its label and its finalizer; one that is deleted stays until the cloud has let go of the listener. Pods
/// that wait for being behind a Service are told when they are.
public final class ServiceControllerSimulator: SimulatedController {
  /// What the controller writes.
  public struct Marks: Sendable {
    /// The annotation of Services that the cloud serves, with the load balancer's id.
    public var annotation: String
    /// The label with the load balancer's id that the controller adds.
    public var label: String
    /// The finalizer that the controller adds.
    public var finalizer: String
    /// What stands before the Service's name in the condition of pods that are behind it; empty where there is none.
    public var condition: String

    /// Describes what a cloud's controller writes.
    public init(annotation: String, label: String, finalizer: String, condition: String = "") {
      self.annotation = annotation
      self.label = label
      self.finalizer = finalizer
      self.condition = condition
    }

    /// What Alibaba Cloud's controller writes.
    public static let alibabaCloud = Marks(
      annotation: "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id",
      label: "service.k8s.alibaba/loadbalancer-id", finalizer: "service.k8s.alibaba/resources",
      condition: "service.readiness.alibabacloud.com/")
    /// What Volcengine's controller writes.
    public static let volcengine = Marks(
      annotation: "service.beta.kubernetes.io/volcengine-loadbalancer-id",
      label: "service.beta.kubernetes.io/volcengine-loadbalancer-id",
      finalizer: "service.kubernetes.io/load-balancer-cleanup")
    /// What Huawei Cloud's controller writes; it has no label of its own, so this one stands for what it may add.
    public static let hwCloud = Marks(
      annotation: "kubernetes.io/elb.id", label: "kubernetes.io/elb.served-by",
      finalizer: "service.kubernetes.io/load-balancer-cleanup")
    /// What JD Cloud's controller writes.
    public static let jdCloud = Marks(
      annotation: "service.beta.kubernetes.io/jdcloud-loadbalancer-id",
      label: "service.beta.kubernetes.io/jdcloud-loadbalancer-id",
      finalizer: "service.kubernetes.io/load-balancer-cleanup")
  }

  /// The name in logs.
  public let name = "service-controller"
  private let client: any ClusterClient
  private let cluster: ObjectStore
  private let marks: Marks
  private let letGo: Duration
  private let services = KeyTimers()
  private let pods = KeyTimers()
  private let ends = Mutex<[String: Timestamp]>([:])

  /// A simulator of a cloud's controller.
  ///
  /// - Parameter letGo: how long the cloud holds the listener of a Service that is deleted.
  public init(client: any ClusterClient, cluster: ObjectStore, marks: Marks, letGo: Duration = .seconds(3)) {
    self.client = client
    self.cluster = cluster
    self.marks = marks
    self.letGo = letGo
    cluster.observe(.services) { [services] _, new in if let new { services.mark(new.key) } }
    cluster.observe(.pods) { [pods] _, new in if let new { pods.mark(new.key) } }
  }

  /// The next moment at which the cloud has done something.
  public var nextDue: Timestamp? { [services.next, pods.next].compactMap(\.self).min() }

  /// Looks at every Service and pod that changed or whose time has come.
  public func step(now: Timestamp) async -> Bool {
    var isChanged = false
    for key in services.take(now: now) {
      do throws(KubernetesError) {
        guard let service = cluster.object(.services, key)?.as(Service.self) else { continue }
        if try await look(at: service, now) { isChanged = true }
        if !marks.condition.isEmpty { markPods(of: service) }
      } catch {
        services.mark(key, at: now + .seconds(1))
      }
    }
    for key in pods.take(now: now) where !marks.condition.isEmpty {
      do throws(KubernetesError) {
        if let pod = cluster.pod(key), try await openGates(of: pod) { isChanged = true }
      } catch {
        pods.mark(key, at: now + .seconds(1))
      }
    }
    return isChanged
  }

  private func look(at service: Service, _ now: Timestamp) async throws(KubernetesError) -> Bool {
    let metadata = service.metadata
    let isMarked = metadata.finalizers.contains(marks.finalizer)
    let isServed = service.type == "LoadBalancer" && !metadata.isBeingDeleted
    if isServed {
      let id = metadata.annotations[marks.annotation] ?? "made-for-\(service.name)"
      guard !isMarked || !metadata.labels.has(marks.label, id) else { return false }
      let finalizers = (isMarked ? [] : [marks.finalizer]) + metadata.finalizers
      return try await patch(service, [marks.label: .string(id)], finalizers)
    }
    guard isMarked else { return false }
    let due = ends.withLock { ends in
      let due = ends[metadata.uid] ?? now + letGo
      ends[metadata.uid] = due
      return due
    }
    guard now >= due else {
      services.mark(service.key, at: due)
      return false
    }
    ends.withLock { $0[metadata.uid] = nil }
    return try await patch(service, [marks.label: .null], metadata.finalizers.filter { $0 != marks.finalizer })
  }

  private func patch(
    _ service: Service, _ labels: JSONObject, _ finalizers: [String]
  ) async throws(KubernetesError) -> Bool {
    try await client.patch(
      .services, service.key,
      .merge([
        "metadata": ["labels": .object(labels), "finalizers": .array(finalizers.map { .string($0) })]
      ]))
    return true
  }

  /// Brings up the pods that may be behind a Service; any pod of its namespace where it names none.
  private func markPods(of service: Service) {
    if let name = service.selector[GameLabels.podName] {
      pods.mark(NamespacedName(service.namespace, name))
    } else {
      for pod in cluster.objects(.pods, .all(namespace: service.namespace)) { pods.mark(pod.key) }
    }
  }

  private func openGates(of pod: Pod) async throws(KubernetesError) -> Bool {
    guard pod.condition("ContainersReady")?.isTrue == true else { return false }
    let gates = pod.spec?["readinessGates"]?.elements.compactMap { $0["conditionType"]?.string } ?? []
    let open = gates.filter { gate in
      guard gate.hasPrefix(marks.condition), pod.condition(gate)?.isTrue != true else { return false }
      let key = NamespacedName(pod.namespace, String(gate.dropFirst(marks.condition.count)))
      return cluster.object(.services, key)?.as(Service.self).loadBalancerIngress.isEmpty == false
    }
    guard !open.isEmpty else { return false }
    let conditions = open.map { JSONValue.object(["type": .string($0), "status": "True"]) }
    try await client.patch(
      .pods, pod.key, subresource: "status", .strategicMerge(["status": ["conditions": .array(conditions)]]))
    return true
  }
}
