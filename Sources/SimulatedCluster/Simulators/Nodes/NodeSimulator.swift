import JSON
public import Kubernetes
import Synchronization

/// Plays the scheduler and the kubelets of a number of nodes.
public final class NodeSimulator: SimulatedController {
  /// The name in logs.
  public let name = "nodes"
  /// What the simulator reads.
  public static let resources: [Resource] = [.nodes, .pods]

  private let client: any ClusterClient
  private let cluster: ObjectStore
  private let pace: NodePace
  private let keys = KeyTimers()
  private let placement = Mutex(NodePlacement())
  private let failed = Mutex<Set<String>>([])
  /// Nodes that are new.
  private let risen = Mutex<Set<String>>([])
  /// Pods that fit on no node, to try again when one goes.
  private let unplaced = Mutex<Set<NamespacedName>>([])

  /// A simulator that reads from a store and writes through a client; the nodes are those of the cluster.
  public init(client: any ClusterClient, cluster: ObjectStore, pace: NodePace = NodePace()) {
    self.client = client
    self.cluster = cluster
    self.pace = pace
    cluster.observe(.nodes) { [weak self] old, new in self?.noteNode(old, new) }
    cluster.observe(.pods) { [weak self] old, new in self?.notePod(old, new) }
  }

  /// Adds nodes `node-0` and so on to the cluster.
  public static func addNodes(
    _ count: Int, to client: any ClusterClient, podsPerNode: Int = 110
  ) async throws(KubernetesError) {
    for index in 0..<count {
      let name = "node-\(index)"
      let node: JSONValue = [
        "apiVersion": "v1", "kind": "Node",
        "metadata": ["name": .string(name), "labels": ["kubernetes.io/hostname": .string(name)]],
        "spec": .object(JSONObject()),
      ]
      try await client.create(.nodes, namespace: "", node)
      let status: JSONValue = [
        "capacity": ["pods": .string(String(podsPerNode))], "allocatable": ["pods": .string(String(podsPerNode))],
        "addresses": [
          ["type": "InternalIP", "address": .string(NodeAddresses.node(name))],
          ["type": "Hostname", "address": .string(name)],
        ],
        "conditions": [["type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is ready"]],
      ]
      try await client.patch(
        .nodes, NamespacedName("", name), subresource: "status", .merge(["status": status]))
    }
  }

  /// Lets a node fail, or come back: the kubelet of a failed node does nothing, and its node is not ready.
  ///
  /// What became of its pods is left to whoever deletes them, as it is where no controller evicts them.
  public func setFailed(_ node: String, _ isFailed: Bool) async throws(KubernetesError) {
    failed.withLock { nodes in
      if isFailed { nodes.insert(node) } else { nodes.remove(node) }
    }
    let condition: JSONValue =
      isFailed
      ? [
        "type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown",
        "message": "Kubelet stopped posting node status.",
      ]
      : ["type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is ready"]
    try await client.patch(
      .nodes, NamespacedName("", node), subresource: "status",
      .strategicMerge(["status": ["conditions": [condition]]]))
    for pod in cluster.objects(.pods, .node(node)) { keys.mark(pod.key) }
  }

  /// The next moment at which a pod needs a look.
  public var nextDue: Timestamp? { keys.next }

  /// Looks at every pod that changed or whose time has come.
  public func step(now: Timestamp) async -> Bool {
    let nodes = risen.withLock { nodes in
      defer { nodes = [] }
      return nodes
    }
    for node in nodes { for pod in cluster.objects(.pods, .node(node)) { keys.mark(pod.key) } }
    var isChanged = false
    for key in keys.take(now: now) {
      do throws(KubernetesError) {
        if try await look(at: key, now) { isChanged = true }
      } catch  where error.code == .notFound {
        continue
      } catch {
        keys.mark(key, at: now + .seconds(1))
      }
    }
    return isChanged
  }

  private func look(at key: NamespacedName, _ now: Timestamp) async throws(KubernetesError) -> Bool {
    guard let pod = cluster.pod(key) else { return false }
    guard !pod.nodeName.isEmpty else { return try await schedule(pod) }
    guard isAlive(pod.nodeName) else { return false }
    switch PodLife(pace: pace, now: now).next(pod) {
    case .rest: return false
    case .wait(let due):
      keys.mark(key, at: due)
      return false
    case .report(let status):
      try await client.patch(.pods, key, subresource: "status", .strategicMerge(["status": status]))
      return true
    case .remove:
      try await client.delete(
        .pods, key, DeleteOptions(uid: pod.metadata.uid, gracePeriodSeconds: 0))
      return true
    }
  }

  /// Whether a node is there and its kubelet runs.
  private func isAlive(_ node: String) -> Bool {
    cluster.object(.nodes, NamespacedName("", node)) != nil && !failed.withLock { $0.contains(node) }
  }

  private func schedule(_ pod: Pod) async throws(KubernetesError) -> Bool {
    guard !pod.metadata.isBeingDeleted else { return false }
    guard let node = placement.withLock({ $0.choose(pod) }) else {
      unplaced.withLock { _ = $0.insert(pod.key) }
      return false
    }
    try await client.create(
      .pods, pod.key, subresource: "binding",
      [
        "apiVersion": "v1", "kind": "Binding",
        "metadata": ["name": .string(pod.name), "namespace": .string(pod.namespace)],
        "target": ["apiVersion": "v1", "kind": "Node", "name": .string(node)],
      ])
    return true
  }

  private func noteNode(_ old: KubernetesObject?, _ new: KubernetesObject?) {
    placement.withLock { $0.note(old?.as(Node.self), new?.as(Node.self)) }
    // Pods may have been bound to the node before it was there; the store cannot be asked within its own call.
    if old == nil, let new { risen.withLock { _ = $0.insert(new.name) } }
    retryUnplaced()
  }

  private func notePod(_ old: KubernetesObject?, _ new: KubernetesObject?) {
    placement.withLock { $0.note(old?.as(Pod.self), new?.as(Pod.self)) }
    if let new { keys.mark(new.key) } else { retryUnplaced() }
  }

  private func retryUnplaced() {
    let waiting = unplaced.withLock { set in
      defer { set = [] }
      return set
    }
    for key in waiting { keys.mark(key) }
  }
}
