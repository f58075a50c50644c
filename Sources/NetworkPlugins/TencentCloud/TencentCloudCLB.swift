import JSON
import Kubernetes

/// `TencentCloud-CLB`: ports of a pool of load balancers that the cloud's own controller keeps, asked for by annotations of the pod.
///
/// The annotations are written by the controller: they follow the network's state, and the cloud's controller reads them at any time.
public struct TencentCloudCLB: NetworkPlugin {
  /// The `networkType`.
  public let name = "TencentCloud-CLB"
  /// The name that plugins of this kind share.
  public let alias = "CLB-Network"
  /// Tencent Cloud.
  public let provider = NetworkProvider.tencentCloud
  /// The ports; ids are accepted for the manifests that have them.
  public let parameters: [ParameterDeclaration] = [
    .portProtocols(),
    ParameterDeclaration(
      "ClbIds", .ignored, repeatable: true, "Without effect: the cloud's controller has a pool of its own."),
  ]

  /// A plugin.
  public init() {}

  /// What the cloud's controller reads and writes on a pod.
  private enum Key {
    static let mapping = "networking.cloud.tencent.com/clb-port-mapping"
    static let enable = "networking.cloud.tencent.com/enable-clb-port-mapping"
    static let status = "networking.cloud.tencent.com/clb-port-mapping-status"
    static let result = "networking.cloud.tencent.com/clb-port-mapping-result"
  }

  /// Asks the cloud's controller for the ports, or to cut them off, and shows what it answers.
  public func plan(_ context: NetworkContext) throws(PluginError) -> NetworkPlan {
    let ports = try context.values.ports()
    // The pool of the cloud's controller, which has to be there under this name.
    let pool = "\(context.pod.namespace)-\(context.set?.name ?? "")"
    var plan = NetworkPlan()
    plan.annotations[Key.mapping] = ports.map { "\($0.port) \($0.proto.rawValue) \(pool)\n" }.joined()
    plan.annotations[Key.enable] = context.isDisabled ? "false" : "true"
    plan.status = try status(context)
    return plan
  }

  /// Asks for the ports to be cut off while the network is disabled.
  public func planMeanwhile(_ context: NetworkContext) -> NetworkPlan {
    guard context.isDisabled else { return NetworkPlan() }
    var plan = NetworkPlan(context.keeping(.notReady))
    plan.annotations[Key.enable] = "false"
    return plan
  }

  private func status(_ context: NetworkContext) throws(PluginError) -> NetworkStatus {
    let annotations = context.pod.metadata.annotations
    guard !context.isDisabled else { return context.keeping(.notReady) }
    guard let word = annotations[Key.status] else { return context.keeping(.waiting) }
    guard word == "Ready", !context.pod.podIP.isEmpty, let text = annotations[Key.result], !text.isEmpty else {
      return context.keeping(.notReady)
    }
    guard let list = try? JSONDocument(text).root, list.isArray else {
      throw PluginError(.internal, "annotation \(Key.result) of \(context.pod.key) is no JSON array")
    }
    var status = NetworkStatus(.ready)
    for element in list.elements {
      guard let address = HostAndPort(element["address"]?.string ?? ""), let inside = element["port"]?.int else {
        continue
      }
      let proto = element["protocol"]?.string ?? ""
      func port(_ number: Int) -> [NetworkStatus.Port] {
        [NetworkStatus.Port(name: String(inside), proto: proto, port: .int(number))]
      }
      status.internalAddresses.append(NetworkStatus.Address(ip: context.pod.podIP, ports: port(inside)))
      status.externalAddresses.append(NetworkStatus.Address(ip: address.host, ports: port(address.port)))
    }
    return status.externalAddresses.isEmpty ? context.keeping(.notReady) : status
  }
}

/// A host and a port with a colon between them; a host with colons of its own may stand in brackets.
struct HostAndPort: Sendable, Hashable {
  let host: String
  let port: Int

  /// Splits at the last colon; nil where there is none, or no port behind it.
  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), port > 0 else {
      return nil
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    guard !host.isEmpty else { return nil }
    self.host = String(host)
    self.port = port
  }
}
