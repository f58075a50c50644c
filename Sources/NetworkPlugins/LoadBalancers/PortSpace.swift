public import Kubernetes

/// A range of ports that every load balancer of a kind has for itself, and how a Service shows which one it uses.
///
/// Everything about who holds what is read from Services, so a replica that takes over knows it without asking anybody.
public struct PortSpace: Sendable, Hashable {
  /// The section of the configuration with the range, such as `alibabacloud.slb`; tells spaces apart.
  public let name: String
  /// The ports that may be given.
  public let range: PortRange
  /// The annotation of a Service with the load balancer's id: the product writes it, whatever the Service's type.
  public let annotation: String
  /// The label that the cloud's own controller writes, for Services that were made by hand; nil where there is none.
  public let label: String?

  /// Set where pods share all ports of a load balancer; nil where each has its own.
  public let seats: Seats?

  /// The places for pods behind load balancers whose ports pods share.
  public struct Seats: Sendable, Hashable {
    /// How many pods one load balancer takes.
    public let limit: Int
    /// The network type of these pods; others may carry the same label for other load balancers.
    public let networkType: String
  }

  /// Describes load balancers whose ports pods share: each takes so many pods, and pods say themselves which one they are behind.
  public init(_ name: String, seats limit: Int, of networkType: String, annotation: String, label: String) {
    self.name = name
    range = PortRange()
    self.annotation = annotation
    self.label = label
    seats = Seats(limit: limit, networkType: networkType)
  }

  /// Describes a space.
  public init(_ name: String, _ range: PortRange, annotation: String, label: String? = nil) {
    self.name = name
    self.range = range
    self.annotation = annotation
    self.label = label
    seats = nil
  }

  /// The load balancer that a Service is on, or with seats a pod; nil where it names none.
  public func loadBalancer(of object: some ObjectView) -> String? {
    let metadata = object.metadata
    for id in [metadata.annotations[annotation], label.flatMap { metadata.labels[$0] }] {
      if let id, !id.isEmpty { return id }
    }
    return nil
  }
}

extension Service {
  /// The selector's key while the network of a pod is disabled by taking its Service away from it.
  static let disabledSelector = "game.kruise.io/svc-selector-disabled"

  /// The pod that the Service is for: what its selector says, or else its own name.
  var podKey: NamespacedName {
    NamespacedName(namespace, selector[GameLabels.podName] ?? selector[Service.disabledSelector] ?? name)
  }
}
