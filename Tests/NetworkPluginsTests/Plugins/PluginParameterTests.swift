import Kubernetes
import NetworkPlugins
import Testing

/// What one plugin accepts and refuses.
struct ParameterTable: Sendable, CustomTestStringConvertible {
  /// Values of one parameter.
  struct Row: Sendable {
    let name: String
    let good: [String]
    let bad: [String]
    init(_ name: String, good: [String], bad: [String] = []) {
      self.name = name
      self.good = good
      self.bad = bad
    }
  }

  let plugin: String
  /// The smallest set of parameters that has no problem.
  let minimum: [NetworkParameter]
  let required: [String]
  let rows: [Row]
  var testDescription: String { plugin }

  init(_ plugin: String, minimum: KeyValuePairs<String, String>, required: [String]? = nil, _ rows: [Row]) {
    self.plugin = plugin
    self.minimum = minimum.map { NetworkParameter($0.key, $0.value) }
    self.required = required ?? minimum.map(\.key)
    self.rows = rows
  }
}

extension ParameterTable.Row {
  static let fixed = Self("Fixed", good: ["true", "F", "1"], bad: ["", "yes", "tRUE"])
  static let names = Self("AllowNotReadyContainers", good: ["", "sidecar", "a,b"])
  static let ports = Self(
    "PortProtocols", good: ["80", "80/udp", "80/TCPUDP,81"], bad: ["", "x", "80/SCTP", "80/HTTP", "80,80", "70000"])
  static let annotations = Self("Annotations", good: ["", "a:b", "a.b/c:d,e:f:g"], bad: ["a", "a b:c"])
  static let nodePorts = Self("AllocateLoadBalancerNodePorts", good: ["false"], bad: ["no"])
  static func ids(_ name: String) -> Self { Self(name, good: ["a", "a,b,"], bad: ["", ","]) }
  static let policy = Self(
    "ExternalTrafficPolicyType", good: ["Local", "cluster", "LOCAL"], bad: ["", "Loca", "none"])
  static let commonHealth: [Self] = [
    Self("LBHealthCheckType", good: ["tcp", "HTTP"], bad: ["udp", ""]),
    Self("LBHealthCheckConnectTimeout", good: ["1", "300", "005"], bad: ["0", "301", "x", "", "1.5"]),
    Self("LBHealthCheckInterval", good: ["1", "50"], bad: ["0", "51"]),
    Self("LBHealthyThreshold", good: ["2", "10"], bad: ["1", "11"]),
    Self("LBUnhealthyThreshold", good: ["2", "10"], bad: ["1", "11"]),
    Self("LBHealthCheckUri", good: ["/", "/a"], bad: ["", "a"]),
    Self("LBHealthCheckDomain", good: ["a.b"], bad: ["", "-a"]),
    Self("LBHealthCheckMethod", good: ["get", "HEAD"], bad: ["post", ""]),
  ]
  static let health: [Self] =
    [
      Self("LBHealthCheckFlag", good: ["on", "OFF"], bad: ["true", ""]),
      Self("LBHealthCheckConnectPort", good: ["0", "65535"], bad: ["-1", "65536"]),
    ] + commonHealth
  static let autoNLBs: [Self] =
    [
      .ports, .policy,
      Self("MinPort", good: ["1000", "1"], bad: ["0", "x", "65536", "1500"]),
      Self("MaxPort", good: ["1499", "65535"], bad: ["999", "70000"]),
      Self("BlockPorts", good: ["", "1001,1002"], bad: ["a", "1,,2", "0"]),
      Self("ReserveNlbNum", good: ["0", "3"], bad: ["-1", "x"]),
      Self(
        "EipIspTypes", good: ["BGP", "BGP_PRO,ChinaTelecom", "intranet"],
        bad: ["", "a b", "-", "cn.hz", "BGP,bgp", "BGP_PRO,BGP-PRO"]),
      Self("RetainNLBOnDelete", good: ["true", "FALSE"], bad: ["0", "no"]),
      Self("SecurityProtectionTypes", good: ["", "AntiDDoS_Enhanced"]),
    ] + health
}

extension ParameterTable {
  static let kubernetes = [
    ParameterTable(
      "Kubernetes-HostPort", minimum: [:],
      [Row("ContainerPorts", good: ["a:80", "a:SameAsHost/TCPUDP,1/sctp"], bad: ["", "a", "a:x", "a:1,1"])]),
    ParameterTable(
      "Kubernetes-NodePort", minimum: ["PortProtocols": "80"],
      [Row("PortProtocols", good: ["80/SCTP", "80/TCPUDP"], bad: ["x", ""]), .fixed, .names]),
    ParameterTable(
      "Kubernetes-Ingress", minimum: ["Path": "/", "PathType": "Prefix", "Port": "80"],
      [
        Row("Path", good: ["/game<id>(/|$)(.*)"], bad: ["<id><id>"]),
        Row("PathType", good: ["Exact", "ImplementationSpecific"], bad: ["prefix", ""]),
        Row("Port", good: ["1", "65535"], bad: ["0", "x", ""]),
        Row("Host", good: ["", "g<id>.example.com"], bad: ["<id>.<id>"]),
        Row("IngressClassName", good: ["nginx"]), Row("TlsHosts", good: ["a,b"]), Row("TlsSecretName", good: ["s"]),
        Row("Annotation", good: ["a.b/c: d:e"], bad: ["a:b", "a: b: c", ""]), .fixed,
      ]),
  ]

  static let alibabaCloud = [
    ParameterTable(
      "AlibabaCloud-SLB", minimum: ["SlbIds": "lb", "PortProtocols": "80"],
      [
        .ids("SlbIds"), .ports, .fixed, .policy, .names, Row("LBHealthCheckSwitch", good: ["ON"], bad: ["1"]),
        Row("LBHealthCheckFlag", good: ["off"], bad: ["x"]),
        Row("LBHealthCheckProtocolPort", good: ["http:80,https:443"], bad: ["http", "tcp:1", "http:x", ""]),
      ] + Row.commonHealth),
    ParameterTable(
      "AlibabaCloud-SLB-SharedPort", minimum: ["SlbIds": "lb", "PortProtocols": "80"],
      [
        .ids("SlbIds"), Row("SlbIds", good: ["lb-1"], bad: ["LB_1", "lb-1,1b"]), .ports, .names,
        Row("ManagedServiceNames", good: ["", "a,b"]),
        Row("ManagedServiceSelector", good: ["a=b", "a.b/c="], bad: ["a", "", "=b"]),
      ]),
    ParameterTable(
      "AlibabaCloud-NLB", minimum: ["NlbIds": "lb", "PortProtocols": "80"],
      [.ids("NlbIds"), .ports, .fixed, .names] + Row.health),
    ParameterTable(
      "AlibabaCloud-NLB-SharedPort", minimum: ["NlbIds": "lb-1", "PortProtocols": "80"],
      [Row("NlbIds", good: ["lb"], bad: ["a,b", "", "LB", "1lb", "a_b", "a.b"]), .ports, .names]),
    ParameterTable(
      "AlibabaCloud-Multi-NLBs", minimum: ["NlbIdNames": "A/dx,B/lt", "PortProtocols": "80"],
      [
        Row("NlbIdNames", good: ["A/dx"], bad: ["A", "", "A/dx,B/dx,C/lt"]), .ports, .fixed, .policy, .names,
        Row("AllocatePolicy", good: ["default", "balanced"], bad: ["Default", ""]),
      ] + Row.health),
    ParameterTable(
      "AlibabaCloud-AutoNLBs", minimum: ["ZoneMaps": "vpc@a:b,c:d", "PortProtocols": "80"],
      Row.autoNLBs + [Row("ZoneMaps", good: ["vpc@a:b"], bad: [""])]),
    ParameterTable(
      "AlibabaCloud-AutoNLBs-V2", minimum: ["ZoneMaps": "vpc@a:b,c:d", "PortProtocols": "80"],
      Row.autoNLBs + [.names, Row("ZoneMaps", good: ["v@a:b,c:d,e:f"], bad: ["vpc@z1:v1", "vpc@z1", "z1:v1", ""])]),
    ParameterTable(
      "AlibabaCloud-NATGW", minimum: [:],
      [
        Row("Ports", good: ["", "80,8080"], bad: ["80/TCP", "x", "0"]), Row("Protocol", good: ["tcp", ""]),
        Row("Fixed", good: ["true"], bad: ["yes"]),
      ]),
    ParameterTable(
      "AlibabaCloud-EIP", minimum: [:],
      [
        "ReleaseStrategy", "PoolId", "ResourceGroupId", "Bandwidth", "BandwidthPackageId", "ChargeType", "Description",
      ].map { Row($0, good: ["", "anything"]) }),
  ]

  static let otherClouds = [
    ParameterTable(
      "AmazonWebServices-NLB", minimum: ["NlbARNs": "arn:a", "PortProtocols": "80"],
      [
        .ids("NlbARNs"), .ports, .fixed, .annotations, .names, Row("NlbVPCId", good: ["", "vpc"]),
        Row(
          "NlbHealthCheck", good: ["", "healthCheckEnabled:true,healthCheckPath:/x"],
          bad: ["healthCheckEnabled", "healthCheckEnabled:x", "unknown:1"]),
      ]),
    ParameterTable(
      "Volcengine-CLB", minimum: ["ClbIds": "lb", "PortProtocols": "80"],
      [
        .ids("ClbIds"), .ports, .fixed, .nodePorts, .annotations, .names,
        Row("EnableClbScatter", good: ["t"], bad: ["x"]), Row("EnableMultiIngress", good: ["t"], bad: ["x"]),
      ]),
    ParameterTable(
      "Volcengine-EIP", minimum: [:],
      [
        Row("billingType", good: ["2", "-1"], bad: ["x", ""]), Row("bandwidth", good: ["100"], bad: ["1M"]),
        Row("name", good: ["x"]), Row("whatever", good: ["x"]),
        Row("vke.volcengine.com/primary-eip-id", good: ["", "eip-1"]),
      ]),
    ParameterTable("TencentCloud-CLB", minimum: ["PortProtocols": "80"], [.ports]),
    ParameterTable(
      "HwCloud-ELB", minimum: ["ElbIds": "lb", "PortProtocols": "80"],
      [
        .ids("ElbIds"), .ports, .fixed, .policy, .names, Row("PublishNotReadyAddresses", good: ["T"], bad: ["x"]),
        Row("ElbClass", good: ["SHARED", "dedicated"], bad: ["other"]),
        Row("ElbConnLimit", good: ["-1", "5"], bad: ["x", "-2"]),
        Row("ElbLbAlgorithm", good: ["round_robin", "SOURCE_IP"], bad: ["RANDOM"]),
        Row("ElbSessionAffinityFlag", good: ["on", "OFF"], bad: ["1"]),
        Row("ElbSessionAffinityOption", good: [#"{"a":1}"#], bad: ["{", ""]),
        Row("ElbTransparentClientIP", good: ["true"], bad: ["x"]), Row("ElbXForwardedHost", good: ["0"], bad: ["x"]),
        Row("ElbIdleTimeout", good: ["0", "4000"], bad: ["-1", "4001"]),
        Row("ElbRequestTimeout", good: ["1", "300"], bad: ["0", "301"]),
        Row("ElbResponseTimeout", good: ["1", "300"], bad: ["0", "301"]),
        Row("LBHealthCheckFlag", good: ["On"], bad: ["x"]), Row("LBHealthCheckOption", good: ["{}"], bad: ["x"]),
      ]),
    ParameterTable(
      "HwCloud-CCE-ELB", minimum: ["kubernetes.io/elb.id": "lb", "PortProtocols": "80"],
      [
        Row("kubernetes.io/elb.id", good: ["a"], bad: ["", "a,b"]), .ports, .fixed, .policy, .names,
        Row("kubernetes.io/elb.autocreate", good: [], bad: ["{}", "x"]),
        Row("kubernetes.io/elb.class", good: ["union"]),
      ]),
    ParameterTable(
      "HwCloud-CCE-EIP", minimum: [:],
      ["pod-with-eip", "eip-bandwidth-size", "eip-network-type", "eip-charge-mode", "eip-bandwidth-name"].map {
        Row("yangtse.io/\($0)", good: ["", "x"])
      }),
    ParameterTable(
      "JdCloud-NLB", minimum: ["NlbIds": "lb", "PortProtocols": "80"],
      [
        .ids("NlbIds"), .ports, .fixed, .nodePorts, .annotations, .names,
        Row("service.beta.kubernetes.io/jdcloud-lb-algorithm", good: ["IpHash"], bad: ["iphash"]),
        Row("service.beta.kubernetes.io/jdcloud-lb-idle-time", good: ["0", "600"], bad: ["-1", "x"]),
      ]),
    ParameterTable(
      "JdCloud-EIP", minimum: [:],
      [
        Row("Bandwidth", good: ["5"]), Row("BandWidth", good: ["5"]), Row("ChargeType", good: ["postpaid_by_usage"]),
        Row("Fixed", good: ["true"], bad: ["x"]), Row("AssignEIP", good: ["true"], bad: ["x"]),
        Row("EIPId", good: ["x"]),
      ]),
  ]
}

@Suite("The parameters of each plugin")
struct PluginParameterTests {
  let registry = PluginRegistryTests.registry(.shipped)

  @Test("are covered by a table each")
  func complete() {
    let tables = ParameterTable.kubernetes + ParameterTable.alibabaCloud + ParameterTable.otherClouds
    #expect(tables.map(\.plugin) == PluginRegistry.all.map(\.name))
  }

  @Test(
    "accept good values, and refuse bad ones with name, value and grammar",
    arguments: ParameterTable.kubernetes + ParameterTable.alibabaCloud + ParameterTable.otherClouds)
  func values(_ table: ParameterTable) throws {
    #expect(registry.validate(type: table.plugin, parameters: table.minimum).isEmpty)
    for row in table.rows {
      let others = table.minimum.filter { $0.name != row.name }
      for value in row.good {
        let problems = registry.validate(type: table.plugin, parameters: others + [NetworkParameter(row.name, value)])
        #expect(problems.isEmpty, "\(row.name)=\(value): \(problems)")
      }
      for value in row.bad {
        let problems = registry.validate(type: table.plugin, parameters: others + [NetworkParameter(row.name, value)])
        let problem = try #require(problems.first { !$0.isWarning }, "\(row.name)=\(value)")
        let names = [row.name, "kubernetes.io/elb.id", "MaxPort", "PortProtocols"]
        #expect(names.contains(problem.parameter))
        #expect(
          problem.message.contains("expected") || problem.message.contains("less than")
            || problem.message.contains("too small") || problem.message.contains("cannot be"))
        #expect(problem.description.hasPrefix("network parameter \(problem.parameter): "))
      }
    }
  }

  @Test(
    "are refused where a required one is missing",
    arguments: ParameterTable.kubernetes + ParameterTable.alibabaCloud + ParameterTable.otherClouds)
  func required(_ table: ParameterTable) {
    for name in table.required {
      let problems = registry.validate(type: table.plugin, parameters: table.minimum.filter { $0.name != name })
      #expect(problems.contains { $0.parameter == name && !$0.isWarning && $0.message.hasPrefix("is missing") })
    }
  }

  @Test("each have a summary that is a sentence, and a name of their own")
  func declarations() {
    for plugin in PluginRegistry.all {
      #expect(Set(plugin.parameters.map(\.name)).count == plugin.parameters.count)
      for parameter in plugin.parameters {
        #expect(parameter.summary.hasSuffix("."))
        #expect(!parameter.grammar.isEmpty)
        if let value = parameter.defaultValue, !value.isEmpty { #expect(parameter.kind.problem(in: value) == nil) }
      }
    }
  }
}
