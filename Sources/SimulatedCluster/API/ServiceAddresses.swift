import JSON

/// The cluster addresses and node ports of Services, given in order and used again after they were freed.
struct ServiceAddresses: Sendable {
  private var addresses: Set<Int> = []
  private var ports: Set<Int> = []
  private var nextAddress = 1
  private var nextPort = 30_000

  /// The node ports that a cluster gives by default.
  private static let portRange = 30_000...32_767

  /// Gives a Service what its type needs and it does not have, and takes what it gives back.
  ///
  /// Answers nil where no node port is left.
  mutating func complete(_ service: JSONValue, old: JSONValue?) -> JSONValue? {
    var service = service
    var spec = service["spec"] ?? .null
    let type = spec["type"]?.string ?? "ClusterIP"
    if spec["clusterIP"]?.string ?? "" == "", type != "ExternalName" {
      spec["clusterIP"] = old?["spec"]?["clusterIP"] ?? .string(address())
    }
    let address = spec["clusterIP"]?.string ?? ""
    if !address.isEmpty { spec["clusterIPs"] = [.string(address)] }
    let needsPorts =
      type == "NodePort" || (type == "LoadBalancer" && spec["allocateLoadBalancerNodePorts"]?.bool != false)
    var list = spec["ports"]?.array ?? []
    let oldPorts = old?["spec"]?["ports"]?.array ?? []
    for place in list.indices {
      guard needsPorts else {
        list[place]["nodePort"] = nil
        continue
      }
      guard list[place]["nodePort"]?.int ?? 0 == 0 else { continue }
      let same = oldPorts.first {
        $0["port"] == list[place]["port"] && $0["protocol"] == list[place]["protocol"] && $0["nodePort"] != nil
      }
      guard let port = same?["nodePort"]?.int ?? port() else { return nil }
      list[place]["nodePort"] = .int(port)
    }
    spec["ports"] = list.isEmpty ? nil : .array(list)
    service["spec"] = spec
    free(old, keeping: list)
    hold(service)
    return service
  }

  /// Frees what a Service held.
  mutating func release(_ service: JSONValue) {
    free(service, keeping: [])
    if let address = service["spec"]?["clusterIP"]?.string.flatMap(Self.index) { addresses.remove(address) }
  }

  private mutating func hold(_ service: JSONValue) {
    for port in service["spec"]?["ports"]?.array ?? [] {
      if let nodePort = port["nodePort"]?.int { ports.insert(nodePort) }
    }
  }

  private mutating func free(_ service: JSONValue?, keeping list: [JSONValue]) {
    let kept = Set(list.compactMap { $0["nodePort"]?.int })
    for port in service?["spec"]?["ports"]?.array ?? [] {
      if let nodePort = port["nodePort"]?.int, !kept.contains(nodePort) { ports.remove(nodePort) }
    }
  }

  private mutating func port() -> Int? {
    for _ in Self.portRange {
      let port = nextPort
      nextPort = nextPort == Self.portRange.upperBound ? Self.portRange.lowerBound : nextPort + 1
      if ports.insert(port).inserted { return port }
    }
    return nil
  }

  private mutating func address() -> String {
    while !addresses.insert(nextAddress).inserted { nextAddress += 1 }
    return "10.96.\(nextAddress >> 8 & 255).\(nextAddress & 255)"
  }

  private static func index(_ address: String) -> Int? {
    let parts = address.split(separator: ".").compactMap { Int($0) }
    return parts.count == 4 ? parts[2] << 8 | parts[3] : nil
  }
}
