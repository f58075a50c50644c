public import Kubernetes

/// The state of a pod's network: what the annotation `game.kruise.io/network-status` and the GameServer's status hold.
///
/// Writes the keys in the order of the compatibility target and leaves out what is not set; reads both absence and `null` as not set.
public struct NetworkStatus: Sendable, Hashable {
  /// An address with the ports that are reached through it.
  public struct Address: Sendable, Hashable {
    /// The address; empty where ``endPoint`` says it all.
    public var ip: String
    /// The ports.
    public var ports: [Port]
    /// A range of ports as protocol and text; no plugin writes one.
    public var portRange: PortRangeText?
    /// A host name, or several with line names.
    public var endPoint: String

    /// Describes an address.
    public init(ip: String, ports: [Port] = [], portRange: PortRangeText? = nil, endPoint: String = "") {
      self.ip = ip
      self.ports = ports
      self.portRange = portRange
      self.endPoint = endPoint
    }
  }

  /// A port of an address.
  public struct Port: Sendable, Hashable {
    /// The name by which inside and outside belong together.
    public var name: String
    /// The protocol; empty where it does not apply.
    public var proto: String
    /// The number, or for some clouds its text; nil where there is none.
    public var port: IntOrString?

    /// Describes a port.
    public init(name: String, proto: String = "", port: IntOrString?) {
      self.name = name
      self.proto = proto
      self.port = port
    }
  }

  /// A range of ports.
  public struct PortRangeText: Sendable, Hashable {
    /// The protocol.
    public var proto: String
    /// The range as it is written.
    public var range: String

    /// Describes a range.
    public init(proto: String, range: String) {
      self.proto = proto
      self.range = range
    }
  }

  /// The network type; only in a GameServer's status.
  public var networkType = ""
  /// The addresses inside the cluster.
  public var internalAddresses: [Address] = []
  /// The addresses that players use.
  public var externalAddresses: [Address] = []
  /// The state that is wanted; only in a GameServer's status.
  public var desiredNetworkState = ""
  /// The state that is; a text, because others may write what ``NetworkState`` does not know.
  public var currentNetworkState = ""
  /// When the status was created (RFC 3339); only in a GameServer's status.
  public var createTime: String?
  /// When the wanted state changed (RFC 3339); only in a GameServer's status.
  public var lastTransitionTime: String?

  /// A status in some state; nil leaves the state empty.
  public init(
    _ state: NetworkState? = nil, internalAddresses: [Address] = [], externalAddresses: [Address] = []
  ) {
    currentNetworkState = state?.rawValue ?? ""
    self.internalAddresses = internalAddresses
    self.externalAddresses = externalAddresses
  }

  /// What a pod starts with.
  public static let notReady = NetworkStatus(.notReady)

  /// The state that is, where it is one of the known ones.
  public var currentState: NetworkState? { NetworkState(rawValue: currentNetworkState) }
}
