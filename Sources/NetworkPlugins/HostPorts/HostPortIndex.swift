import Kubernetes

/// Who holds which host port of a range, kept up to date one pod at a time.
///
/// Pods that ended hold nothing; what they held is known until they are gone, for the next pod of that name. A pod holds a port once,
/// however many protocols it uses it for.
struct HostPortIndex: Sendable {
  /// What one pod holds.
  struct Holding: Sendable, Equatable {
    let uid: String
    let set: NamespacedName?
    /// In the order of the pod's containers and their ports, each once.
    let ports: [Int]
    /// Whether the pod ended, so that its ports are free.
    let isOver: Bool
  }

  /// How many pods hold each port, those of hand-outs included.
  private(set) var usage: PortUsage
  private var holdings: [NamespacedName: Holding] = [:]
  private var bySet: [NamespacedName: [Int: Int]] = [:]

  init(_ range: PortRange) { usage = PortUsage(range) }

  /// What the pod of that name holds, or held until it ended.
  func holding(_ pod: NamespacedName) -> Holding? { holdings[pod] }

  /// The port with the fewest holders, of several rather one that no pod of the set holds.
  func leastHeld(from port: Int, except taken: Set<Int>, in set: NamespacedName?) -> Int? {
    let ofSet = set.flatMap { bySet[$0] }
    return usage.leastHeld(from: port, except: taken) { ofSet?[$0] != nil }
  }

  /// Takes over what a pod holds now; nil for a pod that holds nothing or is gone.
  mutating func set(_ pod: NamespacedName, _ holding: Holding?) {
    let old = holdings[pod]
    guard old != holding else { return }
    if let old, !old.isOver { release(old.ports, in: old.set) }
    holdings[pod] = holding
    if let holding, !holding.isOver { hold(holding.ports, in: holding.set) }
  }

  /// Counts ports as held by a pod of a set.
  mutating func hold(_ ports: [Int], in set: NamespacedName?) {
    for port in ports {
      usage.hold(port)
      if let set { bySet[set, default: [:]][port, default: 0] += 1 }
    }
  }

  /// Undoes ``hold(_:in:)``.
  mutating func release(_ ports: [Int], in set: NamespacedName?) {
    for port in ports {
      usage.release(port)
      guard let set, let count = bySet[set]?[port] else { continue }
      bySet[set]?[port] = count > 1 ? count - 1 : nil
    }
    if let set, bySet[set]?.isEmpty == true { bySet[set] = nil }
  }

  /// What a pod holds of the range, or held until it ended; nil where it is nothing.
  func holding(of pod: Pod) -> Holding? {
    guard !usage.bounds.isEmpty else { return nil }
    var ports: [Int] = []
    for container in pod.initContainers + pod.containers {
      for port in container.ports where usage.bounds.contains(port.hostPort) && !ports.contains(port.hostPort) {
        ports.append(port.hostPort)
      }
    }
    guard !ports.isEmpty else { return nil }
    let set = pod.ownerSet.map { NamespacedName(pod.namespace, $0) }
    return Holding(uid: pod.metadata.uid, set: set, ports: ports, isOver: pod.isTerminal)
  }
}
