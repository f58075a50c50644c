public import JSON

/// A Service.
public struct Service: ObjectView {
  /// The object as it was received.
  public let json: JSONView
  /// Looks at a Service.
  public init(_ json: JSONView) { self.json = json }

  /// The type: `ClusterIP`, `NodePort`, `LoadBalancer` or `ExternalName`; the API defaults an absent one to `ClusterIP`.
  public var type: String { json["spec"]?["type"]?.string ?? "ClusterIP" }
  /// The ports.
  public var ports: [JSONView] { json["spec"]?["ports"].map { Array($0.elements) } ?? [] }
  /// The labels that its pods have.
  public var selector: StringMap { StringMap(json["spec"]?["selector"]) }
  /// Whether addresses of pods that are not ready are published.
  public var publishesNotReady: Bool { json["spec"]?["publishNotReadyAddresses"]?.bool ?? false }
  /// The addresses that a load balancer gave, as entries with `ip`, `hostname` and `ports`.
  public var loadBalancerIngress: [JSONView] {
    json["status"]?["loadBalancer"]?["ingress"].map { Array($0.elements) } ?? []
  }
}

/// An Ingress.
public struct Ingress: ObjectView {
  /// The object as it was received.
  public let json: JSONView
  /// Looks at an Ingress.
  public init(_ json: JSONView) { self.json = json }

  /// The rules, each with a host and paths.
  public var rules: [JSONView] { json["spec"]?["rules"].map { Array($0.elements) } ?? [] }
  /// The addresses that an ingress controller gave.
  public var loadBalancerIngress: [JSONView] {
    json["status"]?["loadBalancer"]?["ingress"].map { Array($0.elements) } ?? []
  }
}

/// A Node.
public struct Node: ObjectView {
  /// The object as it was received.
  public let json: JSONView
  /// Looks at a node.
  public init(_ json: JSONView) { self.json = json }

  /// The conditions, such as `Ready`.
  public var conditions: [Condition] { json["status"]?["conditions"]?.elements.map(Condition.init) ?? [] }
  /// The addresses as pairs of type (`ExternalIP`, `InternalDNS`, …) and text, in their order.
  public var addresses: [(type: String, address: String)] {
    json["status"]?["addresses"]?.elements.map { ($0["type"]?.string ?? "", $0["address"]?.string ?? "") } ?? []
  }
}
