import JSON
import Kubernetes

extension NetworkContext {
  /// The addresses that there are, with another state.
  func keeping(_ state: NetworkState) -> NetworkStatus {
    NetworkStatus(
      state, internalAddresses: status?.internalAddresses ?? [], externalAddresses: status?.externalAddresses ?? [])
  }

  /// A status with addresses, one inside and one outside for each port of a Service.
  ///
  /// Both ports have the name of the pod's port, by which inside and outside belong together. A pod without an address is not ready
  /// whatever the load balancer says.
  ///
  /// - Parameter namedAsService: gives ports the name of the Service's port instead.
  func ready(
    _ service: Service, at external: NetworkStatus.Address, namedAsService: Bool = false
  ) -> NetworkStatus {
    ready(service, at: [external], namedAsService: namedAsService)
  }

  /// A status with addresses, one inside and one outside for each port of a Service and each address outside.
  func ready(
    _ service: Service, at externals: [NetworkStatus.Address], namedAsService: Bool = false
  ) -> NetworkStatus {
    guard !pod.podIP.isEmpty, !externals.isEmpty else { return keeping(.notReady) }
    let ports = service.ports.map(ServicePortReading.init)
    func name(_ port: ServicePortReading) -> String? { namedAsService ? port.name : nil }
    return NetworkStatus(
      .ready, internalAddresses: ports.map { $0.inside(pod.podIP, name: name($0)) },
      externalAddresses: externals.flatMap { external in
        ports.map { $0.outside(external, port: .int($0.port), name: name($0)) }
      })
  }

  /// The standard end of a pass: not ready while the network is disabled or the Service has no address, ready with it after that.
  ///
  /// - Parameter address: the address of an ingress point; by default its `ip`.
  func standardStatus(
    _ service: Service?, address: (IngressPoint) -> NetworkStatus.Address = { NetworkStatus.Address(ip: $0.ip) }
  ) -> NetworkStatus {
    guard let service, !isDisabled, let point = service.ingressPoints.first else { return keeping(.notReady) }
    return ready(service, at: address(point))
  }
}

/// A port of a Service as a status shows it.
struct ServicePortReading: Sendable {
  let name: String
  let target: IntOrString
  let port: Int
  let nodePort: Int
  let proto: String

  init(_ json: JSONView) {
    name = json["name"]?.string ?? ""
    port = json["port"]?.int ?? 0
    target = json["targetPort"].flatMap(IntOrString.init) ?? .int(port)
    nodePort = json["nodePort"]?.int ?? 0
    proto = json["protocol"]?.string ?? "TCP"
  }

  /// The address inside the cluster.
  func inside(_ ip: String, name: String? = nil) -> NetworkStatus.Address {
    NetworkStatus.Address(
      ip: ip, ports: [NetworkStatus.Port(name: name ?? target.description, proto: proto, port: target)])
  }

  /// The address outside.
  func outside(
    _ address: NetworkStatus.Address, port: IntOrString, name: String? = nil
  ) -> NetworkStatus.Address {
    NetworkStatus.Address(
      ip: address.ip, ports: [NetworkStatus.Port(name: name ?? target.description, proto: proto, port: port)],
      endPoint: address.endPoint)
  }
}

/// An entry of a load balancer's addresses in a status.
struct IngressPoint: Sendable, Hashable {
  let ip: String
  let hostname: String
}

extension Service {
  /// The addresses that the cloud gave, those included that are empty.
  var ingressPoints: [IngressPoint] {
    loadBalancerIngress.map { IngressPoint(ip: $0["ip"]?.string ?? "", hostname: $0["hostname"]?.string ?? "") }
  }
}
