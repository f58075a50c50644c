public import Kubernetes

/// The ports that a pod needs on load balancers.
public struct PortDemand: Sendable {
  /// Which of several candidates is taken.
  public enum Choice: Sendable, Hashable {
    /// The first in the order given that has enough free ports.
    case first
    /// The one with the most free ports, of several the first.
    case mostFree
  }

  /// The space that the ports come from.
  public let space: PortSpace
  /// The candidates; the load balancers of one candidate all give the same ports.
  public let candidates: [[String]]
  /// What each port is for; the protocols TCP and UDP of one entry share a port.
  public let entries: [ProtocolPort]
  /// Which candidate is taken.
  public let choice: Choice
  /// The refusal where no candidate has enough.
  public let exhausted: PluginError

  /// Describes a demand.
  public init(
    _ space: PortSpace, candidates: [[String]], entries: [ProtocolPort], choice: Choice = .first,
    exhausted: PluginError
  ) {
    self.space = space
    self.candidates = candidates
    self.entries = entries
    self.choice = choice
    self.exhausted = exhausted
  }

  /// Describes a demand for ports of one of several load balancers.
  public init(
    _ space: PortSpace, oneOf ids: [String], entries: [ProtocolPort], choice: Choice = .first, exhausted: PluginError
  ) {
    self.init(space, candidates: ids.map { [$0] }, entries: entries, choice: choice, exhausted: exhausted)
  }
}

/// A pod that needs ports.
public struct PortHolder: Sendable, Hashable {
  /// The pod's namespace and name.
  public let pod: NamespacedName
  /// The unique ids of whoever may own its Services: the pod and its GameServerSet; empty where they are not known.
  public let owners: Set<String>
  /// Whether somebody was told the pod's addresses, so that players may be connected to it.
  public let isInUse: Bool

  /// Describes a pod.
  public init(_ pod: NamespacedName, owners: Set<String> = [], isInUse: Bool = true) {
    self.pod = pod
    self.owners = owners
    self.isInUse = isInUse
  }
}

/// The ports that a pod holds.
public struct PortHolding: Sendable, Hashable {
  /// What a port is for, as a Service shows it.
  struct Target: Sendable, Hashable {
    let port: String
    let proto: String
    init(_ entry: ProtocolPort) {
      port = String(entry.port)
      proto = entry.proto.expanded[0].rawValue
    }
    init(port: String, proto: String) {
      self.port = port
      self.proto = proto
    }
  }

  /// The load balancers; several where all of them give the same ports.
  public let loadBalancers: [String]
  let ports: [Target: Int]
  /// The names of the pod's Services on the load balancers, by these; those that are not there yet are missing.
  var services: [String: String] = [:]

  init(loadBalancers: [String], ports: [Target: Int]) {
    self.loadBalancers = loadBalancers
    self.ports = ports
  }

  /// The port for an entry; nil where it is none of those that were asked for.
  public func port(for entry: ProtocolPort) -> Int? { ports[Target(entry)] }
}

/// What came of a demand.
public struct PortGrant: Sendable, Hashable {
  /// Ports of the load balancers that a demand names, at the moment at which it made them scarce.
  public struct Scarcity: Sendable, Hashable {
    /// How many ports are held.
    public let held: Int
    /// How many may be given in all.
    public let usable: Int
  }

  /// The ports.
  public let holding: PortHolding
  /// Set where this very demand brought the load balancers that it names to four fifths of their ports.
  public let scarcity: Scarcity?
  /// Ports that the pod gives up because another pod has them too.
  public let moved: [Int]
  /// Load balancers of its group that the pod stays off, because others have its ports there.
  public let avoided: [String]

  init(holding: PortHolding, scarcity: Scarcity?, moved: [Int] = [], avoided: [String] = []) {
    self.holding = holding
    self.scarcity = scarcity
    self.moved = moved
    self.avoided = avoided
  }
}

/// How much of one load balancer is in use.
public struct LoadBalancerReport: Sendable, Hashable {
  /// The name of the space.
  public let space: String
  /// The load balancer's id.
  public let loadBalancer: String
  /// How many ports may be given.
  public let usable: Int
  /// How many of these somebody holds.
  public let held: Int
}
