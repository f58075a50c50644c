import JSON
import Kubernetes
import NetworkPlugins

/// A range of host ports that cannot give every server of the set its own.
struct HostPortRangeAdvice: AdviceRule {
  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding] {
    guard let network = set.network, network.type == "Kubernetes-HostPort",
      let range = configuration.kubernetes.hostPort.bounds
    else { return [] }
    let values = network.parameters.filter { $0.name == "ContainerPorts" }.map(\.value)
    let perServer = values.reduce(0) { $0 + PortCount.containerPorts($1) }
    let free = range.count - Set(configuration.kubernetes.hostPort.blockPorts).intersection(range).count
    guard perServer > 0, set.replicas * perServer > free else { return [] }
    return [
      LintFinding(
        level: .advice, field: "spec.replicas",
        message:
          "\(set.replicas) servers with \(perServer) host ports each need \(set.replicas * perServer) ports, and "
          + "\(range.lowerBound) to \(range.upperBound) has \(free); servers will share ports on different nodes, "
          + "or stay pending where nodes are few",
        rule: "port-range")
    ]
  }
}

/// Load balancers with fewer listeners than the servers of the set need.
struct LoadBalancerPortAdvice: AdviceRule {
  /// The plugins whose servers take ports of load balancers that the user lists, with the parameter and the range.
  private func pool(_ type: String, _ configuration: ProviderConfiguration) -> (ids: String, range: PortRange)? {
    switch type {
    case "AlibabaCloud-SLB": ("SlbIds", configuration.alibabaCloud.slb)
    case "AlibabaCloud-NLB": ("NlbIds", configuration.alibabaCloud.nlb)
    case "Volcengine-CLB": ("ClbIds", configuration.volcengine.ports)
    case "HwCloud-ELB": ("ElbIds", configuration.hwCloud.elb)
    case "JdCloud-NLB": ("NlbIds", configuration.jdCloud.ports)
    default: nil
    }
  }

  func advice(_ set: GameServerSet, _ configuration: ProviderConfiguration) -> [LintFinding] {
    guard let network = set.network, let pool = pool(network.type, configuration), let range = pool.range.bounds else {
      return []
    }
    let parameters = network.parameters
    let balancers = parameters.filter { $0.name == pool.ids }.flatMap { $0.value.split(separator: ",") }.count
    let perServer = parameters.filter { $0.name == "PortProtocols" }.flatMap { $0.value.split(separator: ",") }.count
    let listeners = range.count - Set(pool.range.blockPorts).intersection(range).count
    guard balancers > 0, perServer > 0, set.replicas > listeners / perServer * balancers else { return [] }
    return [
      LintFinding(
        level: .advice, field: "spec.replicas",
        message:
          "\(balancers) load balancers with \(listeners) ports each serve \(listeners / perServer * balancers) servers "
          + "of \(perServer) ports, not \(set.replicas); add ids to \(pool.ids) or widen the range",
        rule: "port-range")
    ]
  }
}

/// Counts ports in parameters that validation has looked at.
enum PortCount {
  /// The ports of `container:p1/proto,p2,…`; a port of both protocols takes one host port.
  static func containerPorts(_ value: String) -> Int {
    guard let colon = value.firstIndex(of: ":") else { return 0 }
    return value[value.index(after: colon)...].split(separator: ",").filter { !$0.isEmpty }.count
  }
}
