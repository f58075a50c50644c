import NetworkPlugins
import Testing

@Suite("The provider configuration")
struct ProviderConfigurationTests {
  @Test("that is shipped is valid, for providers that are not enabled too")
  func shipped() {
    #expect(ProviderConfiguration.shipped.validate().isEmpty)
    for provider in NetworkProvider.allCases { #expect(ProviderConfiguration.shipped.problems(of: provider).isEmpty) }
  }

  @Test("enables nothing by default, and has no problems then")
  func empty() {
    #expect(ProviderConfiguration().validate().isEmpty)
    #expect(NetworkProvider.allCases.allSatisfy { !ProviderConfiguration().isEnabled($0) })
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let key: String?
    let change: @Sendable (inout ProviderConfiguration) -> Void
    init(_ name: String, _ key: String?, _ change: @escaping @Sendable (inout ProviderConfiguration) -> Void) {
      testDescription = name
      self.key = key
      self.change = change
    }
  }

  static let cases = [
    Case("host port min 0", "kubernetes.hostPort.min_port") { $0.kubernetes.hostPort.minPort = 0 },
    Case("host port one port", "kubernetes.hostPort.max_port") { $0.kubernetes.hostPort.maxPort = 8000 },
    Case("host port reversed", "kubernetes.hostPort.max_port") { $0.kubernetes.hostPort.maxPort = 7999 },
    Case("host port two ports", nil) { $0.kubernetes.hostPort.maxPort = 8001 },
    Case("host port too high", "kubernetes.hostPort.max_port") { $0.kubernetes.hostPort.maxPort = 65536 },
    Case("slb missing", "alibabacloud.slb.min_port") { $0.alibabaCloud.slb = PortRange() },
    Case("nlb missing", "alibabacloud.nlb.min_port") { $0.alibabaCloud.nlb = PortRange() },
    Case("slb reversed", "alibabacloud.slb.max_port") { $0.alibabaCloud.slb.maxPort = 499 },
    Case("slb blocks its first", "alibabacloud.slb.block_ports") { $0.alibabaCloud.slb.blockPorts = [500] },
    Case("slb blocks its last", "alibabacloud.slb.block_ports") { $0.alibabaCloud.slb.blockPorts = [700] },
    Case("slb 200 wide without blocks", "alibabacloud.slb.max_port") { $0.alibabaCloud.slb.blockPorts = [] },
    Case("slb 199 wide", nil) { $0.alibabaCloud.slb = PortRange(500, 699) },
    Case("nlb as wide as it likes", nil) { $0.alibabaCloud.nlb = PortRange(1, 65535) },
    Case("elb 200 wide", nil) { $0.hwCloud.elb = PortRange(500, 700) },
    Case("elb 201 wide", "hwcloud.elb.max_port") { $0.hwCloud.elb = PortRange(500, 701) },
    Case("elb 201 wide with a block", nil) { $0.hwCloud.elb = PortRange(500, 701, blocking: [600]) },
    Case("cce missing", "hwcloud.cce.elb.min_port") { $0.hwCloud.cceELB = PortRange() },
    Case("volcengine blocks its first", nil) { $0.volcengine.ports.blockPorts = [550] },
    Case("volcengine blocks its last", "volcengine.clb.block_ports") { $0.volcengine.ports.blockPorts = [600] },
    Case("volcengine reversed", "volcengine.clb.max_port") { $0.volcengine.ports.maxPort = 1 },
    Case("nlb reversed", "alibabacloud.nlb.max_port") { $0.alibabaCloud.nlb.maxPort = 999 },
    Case("aws reversed", "aws.nlb.max_port") { $0.aws.ports = PortRange(50, 49) },
    Case("jdcloud reversed", "jdcloud.nlb.max_port") { $0.jdCloud.ports.maxPort = 499 },
    Case("aws 50 listeners", nil) { $0.aws.ports = PortRange(1, 50) },
    Case("aws 51 listeners", "aws.nlb.max_port") { $0.aws.ports = PortRange(1, 51) },
    Case("jdcloud too high", "jdcloud.nlb.max_port") { $0.jdCloud.ports.maxPort = 70000 },
    Case("jdcloud negative", "jdcloud.nlb.min_port") { $0.jdCloud.ports.minPort = -1 },
    Case("tencent has nothing to check", nil) { $0.tencentCloud.ports = PortRange() },
    Case("extreme values", "aws.nlb.min_port") { $0.aws.ports = PortRange(Int.min, Int.max) },
  ]

  @Test("is refused with the key that is wrong", arguments: cases)
  func rules(_ row: Case) {
    var configuration = ProviderConfiguration.shipped
    configuration.aws.enable = true
    configuration.jdCloud.enable = true
    row.change(&configuration)
    #expect(configuration.validate().map(\.key) == row.key.map { [$0] } ?? [])
  }

  @Test("of a provider that is not enabled may be wrong")
  func disabled() {
    var configuration = ProviderConfiguration.shipped
    configuration.aws.ports = PortRange(1, 1000)
    #expect(configuration.validate().isEmpty)
  }
}

@Suite("The registry")
struct PluginRegistryTests {
  static func registry(_ configuration: ProviderConfiguration) -> PluginRegistry {
    PluginRegistry(configuration, hostPorts: HostPortAllocator(range: configuration.kubernetes.hostPort))
  }

  @Test("knows all 21 plugins with their providers and aliases")
  func all() {
    let table = PluginRegistry.all.map { "\($0.provider.section) \($0.name) \($0.alias)" }
    #expect(
      table == [
        "kubernetes Kubernetes-HostPort ", "kubernetes Kubernetes-NodePort ", "kubernetes Kubernetes-Ingress ",
        "alibabacloud AlibabaCloud-SLB LB-Network", "alibabacloud AlibabaCloud-SLB-SharedPort ",
        "alibabacloud AlibabaCloud-NLB NLB-Network", "alibabacloud AlibabaCloud-NLB-SharedPort ",
        "alibabacloud AlibabaCloud-Multi-NLBs Multi-NLBs-Network",
        "alibabacloud AlibabaCloud-AutoNLBs Auto-NLBs-Network",
        "alibabacloud AlibabaCloud-AutoNLBs-V2 Auto-NLBs-Network", "alibabacloud AlibabaCloud-NATGW NATGW-Network",
        "alibabacloud AlibabaCloud-EIP EIP-Network", "aws AmazonWebServices-NLB NLB-Network",
        "volcengine Volcengine-CLB CLB-Network", "volcengine Volcengine-EIP EIP-Network",
        "tencentcloud TencentCloud-CLB CLB-Network", "hwcloud HwCloud-ELB ELB-Network",
        "hwcloud HwCloud-CCE-ELB CCE-ELB-Network", "hwcloud HwCloud-CCE-EIP CCE-EIP-Network",
        "jdcloud JdCloud-NLB NLB-Network", "jdcloud JdCloud-EIP EIP-Network",
      ])
  }

  @Test("has the plugins of the providers that are enabled")
  func enabled() {
    let registry = Self.registry(.shipped)
    #expect(registry.names.count == 18)
    #expect(registry.names == registry.names.sorted())
    #expect(registry.plugin(named: "AmazonWebServices-NLB") == nil)
    #expect(registry.plugin(named: "kubernetes-hostport") == nil)
    #expect(registry.plugin(named: "Kubernetes-HostPort")?.name == "Kubernetes-HostPort")
    #expect(registry.problems.isEmpty)
  }

  @Test("leaves a provider with a wrong configuration out, and says why")
  func broken() {
    var configuration = ProviderConfiguration.shipped
    configuration.hwCloud.elb.maxPort = 400
    let registry = Self.registry(configuration)
    #expect(!registry.names.contains { $0.hasPrefix("HwCloud") })
    #expect(
      registry.problems == [
        "provider hwcloud is not used: hwcloud.elb.max_port: 400 must not be less than min_port, which is 500"
      ])
  }

  @Test("validates parameters of plugins that are not enabled, and none of a type that no plugin has")
  func validates() {
    let registry = Self.registry(ProviderConfiguration())
    #expect(registry.validate(type: "JdCloud-NLB", parameters: []).map(\.parameter) == ["NlbIds", "PortProtocols"])
    #expect(registry.validate(type: "None", parameters: []).isEmpty)
  }
}
