/// A key of the provider configuration whose value cannot be used.
public struct ConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
  /// The provider that cannot be used because of it.
  public let provider: NetworkProvider
  /// The full key, such as `alibabacloud.slb.max_port`.
  public let key: String
  /// What is wrong with the value and what is accepted.
  public let message: String

  /// One sentence with the key and the message.
  public var description: String { "\(key): \(message)" }
}

extension ProviderConfiguration {
  /// What keeps enabled providers from being used; a provider that is not enabled has no problems.
  public func validate() -> [ConfigurationProblem] {
    NetworkProvider.allCases.filter(isEnabled).flatMap(problems)
  }

  /// What keeps a provider from being used, whether it is enabled or not.
  public func problems(of provider: NetworkProvider) -> [ConfigurationProblem] {
    let found: [PortRangeRule.Finding] =
      switch provider {
      case .kubernetes:
        PortRangeRule("kubernetes.hostPort", needsTwoPorts: true).findings(kubernetes.hostPort)
      case .alibabaCloud:
        PortRangeRule("alibabacloud.slb", sizeLimit: 199).findings(alibabaCloud.slb)
          + PortRangeRule("alibabacloud.nlb").findings(alibabaCloud.nlb)
      case .amazonWebServices: PortRangeRule("aws.nlb", sizeLimit: 49).findings(aws.ports)
      case .volcengine: PortRangeRule("volcengine.clb", mayBlockFirst: true).findings(volcengine.ports)
      case .tencentCloud: []
      case .hwCloud:
        PortRangeRule("hwcloud.elb", sizeLimit: 200).findings(hwCloud.elb)
          + PortRangeRule("hwcloud.cce.elb").findings(hwCloud.cceELB)
      case .jdCloud: PortRangeRule("jdcloud.nlb").findings(jdCloud.ports)
      }
    return found.map { ConfigurationProblem(provider: provider, key: $0.key, message: $0.message) }
  }
}

/// The rules for one range of the configuration.
private struct PortRangeRule {
  struct Finding {
    let key: String
    let message: String
  }

  let section: String
  /// The most that `max_port - min_port - number of block_ports` may be: the listeners that one load balancer of the cloud takes.
  let sizeLimit: Int?
  /// Whether `max_port` must be greater than `min_port` and not just as great.
  let needsTwoPorts: Bool
  /// Whether `min_port` itself may be blocked.
  let mayBlockFirst: Bool

  init(_ section: String, sizeLimit: Int? = nil, needsTwoPorts: Bool = false, mayBlockFirst: Bool = false) {
    self.section = section
    self.sizeLimit = sizeLimit
    self.needsTwoPorts = needsTwoPorts
    self.mayBlockFirst = mayBlockFirst
  }

  func findings(_ range: PortRange) -> [Finding] {
    let (min, max) = (range.minPort, range.maxPort)
    guard (1...65535).contains(min) else {
      return [finding("min_port", "\(min) is no port: expected 1 to 65535")]
    }
    guard max <= 65535 else { return [finding("max_port", "\(max) is no port: expected \(min) to 65535")] }
    guard needsTwoPorts ? max > min : max >= min else {
      let relation = needsTwoPorts ? "must be greater than" : "must not be less than"
      return [finding("max_port", "\(max) \(relation) min_port, which is \(min)")]
    }
    let lowest = mayBlockFirst ? min : min + 1
    if let outside = range.blockPorts.first(where: { $0 < lowest || $0 >= max }) {
      return [finding("block_ports", "\(outside) is outside \(lowest) to \(max - 1)")]
    }
    // Subtraction cannot overflow: both are ports by now.
    if let sizeLimit, max - min - range.blockPorts.count > sizeLimit {
      return [
        finding(
          "max_port",
          "\(min) to \(max) without \(range.blockPorts.count) block_ports is too wide: "
            + "max_port may be at most \(min + sizeLimit + range.blockPorts.count)")
      ]
    }
    return []
  }

  private func finding(_ key: String, _ message: String) -> Finding {
    Finding(key: "\(section).\(key)", message: message)
  }
}
