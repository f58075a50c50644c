public import Kubernetes

/// Who holds which ports of load balancers, and what is wrong with that, read from a cluster at one moment.
///
/// It looks at the same Services as the allocator does: a Service holds its ports as long as it is there.
public struct PortAudit: Sendable {
  /// One port of one load balancer, held by one Service.
  public struct Hold: Sendable, Hashable {
    /// The load balancer's id.
    public let loadBalancer: String
    /// The port outside.
    public let port: Int
    /// The protocols in the order of the Service.
    public let protocols: [String]
    /// The Service.
    public let service: NamespacedName
    /// The pod that the Service leads to; nil where it leads to several, or says nothing of a pod.
    public let pod: NamespacedName?
    /// The network type that the Service is of; nil for one that no plugin made.
    public let type: String?
  }

  /// Every port that is held, by load balancer, port and Service.
  public let holds: [Hold]
  /// What is wrong, in the order of the Services.
  public let findings: [Finding]

  /// Looks at the Services of a store with the pods and GameServerSets that they were made for.
  ///
  /// - Parameter plugins: whose ports and ranges count.
  public init(_ cluster: any ClusterReader, plugins: PluginRegistry) {
    let reading = AuditReading(cluster: cluster, plugins: plugins)
    let services = cluster.objects(.services, .all(namespace: nil)).map { $0.as(Service.self) }
      .sorted { $0.key < $1.key }.compactMap(reading.service)
    holds = services.flatMap(\.holds).sorted {
      ($0.loadBalancer, $0.port, $0.service) < ($1.loadBalancer, $1.port, $1.service)
    }
    findings = (services.flatMap(\.findings) + AuditedService.doubles(services)).sorted {
      ($0.service, $0.message) < ($1.service, $1.message)
    }
  }

  /// Something that is wrong with what a Service holds.
  public struct Finding: Sendable, Hashable {
    /// What is wrong.
    public enum Kind: String, Sendable, CaseIterable {
      /// The Service outlived what it was made for, and holds its ports for nobody.
      case leak
      /// Another Service has the same port of the same load balancer, so only one of them gets its players.
      case double
      /// A port that the plugin may not give, so that nothing keeps others off it.
      case outOfRange
      /// The Service names a load balancer and has no port on it.
      case withoutPorts
    }

    /// What is wrong.
    public let kind: Kind
    /// The Service.
    public let service: NamespacedName
    /// Its unique id.
    public let uid: String
    /// One sentence with the ports and why.
    public let message: String
    /// Whether deleting the Service mends it: nobody is behind it, or the manager makes it anew on a free port.
    public let isMendedByDeletion: Bool
  }
}

/// A Service that is on a load balancer.
struct AuditedService: Sendable {
  let service: Service
  let loadBalancer: String
  /// The network type; nil for a Service that no plugin made.
  let type: String?
  let holds: [PortAudit.Hold]
  let findings: [PortAudit.Finding]

  /// Whether a plugin made it for one pod.
  var isOfOnePod: Bool { type != nil && service.selectedPod != nil }

  /// The doubles among Services: of each port with one protocol all but the first Service that has it.
  static func doubles(_ services: [AuditedService]) -> [PortAudit.Finding] {
    var places: [ListenerPlace: [AuditedService]] = [:]
    for service in services where !service.service.metadata.isBeingDeleted {
      for hold in service.holds {
        for proto in hold.protocols {
          let place = ListenerPlace(loadBalancer: hold.loadBalancer, port: hold.port, proto: proto)
          places[place, default: []].append(service)
        }
      }
    }
    var found: [NamespacedName: (service: AuditedService, texts: [String])] = [:]
    for (place, sharers) in places.sorted(by: { $0.key < $1.key }) where sharers.count > 1 {
      let ranked = sharers.sorted(by: AuditedService.isBefore)
      for other in ranked.dropFirst() {
        let text = "\(place.port)/\(place.proto) of \(place.loadBalancer) is also of \(ranked[0].service.key)"
        found[other.service.key, default: (other, [])].texts.append(text)
      }
    }
    return found.values.map { service, texts in
      service.finding(.double, texts.joined(separator: "; "), isMendedByDeletion: service.isOfOnePod)
    }
  }

  /// Services that cannot be made anew keep their ports, of the others the oldest.
  private static func isBefore(_ one: AuditedService, _ other: AuditedService) -> Bool {
    func rank(_ service: AuditedService) -> (Int, String, NamespacedName) {
      (service.isOfOnePod ? 1 : 0, service.service.metadata.creationTimestamp, service.service.key)
    }
    return rank(one) < rank(other)
  }

  private func finding(
    _ kind: PortAudit.Finding.Kind, _ message: String, isMendedByDeletion: Bool
  ) -> PortAudit.Finding {
    PortAudit.Finding(
      kind: kind, service: service.key, uid: service.metadata.uid, message: message,
      isMendedByDeletion: isMendedByDeletion)
  }
}

/// What a load balancer has once.
private struct ListenerPlace: Hashable, Comparable {
  let loadBalancer: String
  let port: Int
  let proto: String

  static func < (one: ListenerPlace, other: ListenerPlace) -> Bool {
    (one.loadBalancer, one.port, one.proto) < (other.loadBalancer, other.port, other.proto)
  }
}

extension Service {
  /// The pod that the selector names; nil where it names none.
  var selectedPod: NamespacedName? {
    (selector[GameLabels.podName] ?? selector[Service.disabledSelector]).map { NamespacedName(namespace, $0) }
  }
}
