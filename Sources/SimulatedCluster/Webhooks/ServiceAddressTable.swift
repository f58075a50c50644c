import JSON
public import Kubernetes
import Synchronization

/// Where the pods behind Services are reached, for Services whose pods are processes on this machine.
public final class ServiceAddressTable: Sendable {
  private let addresses = Mutex<[NamespacedName: String]>([:])

  /// An empty table: Endpoints and cluster addresses say where Services are.
  public init() {}

  /// Says that a Service is reached at `host:port`; nil takes that back.
  public func set(_ service: NamespacedName, _ address: String?) { addresses.withLock { $0[service] = address } }

  /// The address of a Service, where the table has it.
  public func address(_ service: NamespacedName) -> String? { addresses.withLock { $0[service] } }
}

extension SimulatedAPIServer {
  /// Where a port of a Service is reached: its endpoints, else the address it has in the cluster; nothing for a Service that is not there.
  func addresses(of service: NamespacedName, port: Int) -> [String] {
    guard let object = stored(.services, service) else { return [] }
    let spec = object.json["spec"]
    if let name = spec?["externalName"]?.string { return ["\(name):\(port)"] }
    var found: [String] = []
    let wanted = spec?["ports"]?.elements.first { $0["port"]?.int == port }
    for subset in stored(.endpoints, service)?.json["subsets"].map({ Array($0.elements) }) ?? [] {
      let ports = subset["ports"].map { Array($0.elements) } ?? []
      // A port of an endpoint belongs to the Service's port of the same name; the only one needs none.
      let match = ports.first { ($0["name"]?.string ?? "") == (wanted?["name"]?.string ?? "") } ?? ports.first
      guard let number = match?["port"]?.int else { continue }
      for address in subset["addresses"].map({ Array($0.elements) }) ?? [] {
        if let ip = address["ip"]?.string { found.append("\(ip):\(number)") }
      }
    }
    guard found.isEmpty, let ip = spec?["clusterIP"]?.string, ip != "None" else { return found }
    return ["\(ip):\(port)"]
  }
}
