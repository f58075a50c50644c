import JSON
import Kubernetes
import NetworkPlugins
import Testing

@Suite("Admission of a pod with a plugin of a cloud")
struct CloudAdmissionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let type: String
    let parameters: [NetworkParameter]
    let lines: [String]
    var testDescription: String { "\(type) \(parameters.map { "\($0.name)=\($0.value)" })" }
    init(_ type: String, _ parameters: KeyValuePairs<String, String>, _ lines: [String]) {
      self.type = type
      self.parameters = parameters.map { NetworkParameter($0.key, $0.value) }
      self.lines = lines
    }
  }

  static func annotation(_ key: String, _ value: String) -> String {
    "add /metadata/annotations/\(key.replacing("/", with: "~1")) \(value)"
  }

  static let cases = [
    Case("Kubernetes-NodePort", ["PortProtocols": "80"], []),
    Case("Kubernetes-Ingress", ["Path": "/<id>", "PathType": "Prefix", "Port": "80"], []),
    Case("AlibabaCloud-SLB", ["SlbIds": "a", "PortProtocols": "80"], []),
    Case("AlibabaCloud-SLB-SharedPort", ["SlbIds": "a", "PortProtocols": "80"], []),
    Case("AlibabaCloud-NLB", ["NlbIds": "a", "PortProtocols": "80"], []),
    Case(
      "AlibabaCloud-NLB-SharedPort", ["NlbIds": "nlb-1", "PortProtocols": "80"],
      [#"add /metadata/labels/service.k8s.alibaba~1loadbalancer-id "nlb-1""#]),
    Case(
      "AlibabaCloud-Multi-NLBs", ["NlbIdNames": "A/dx,B/LT,C/dx,D/LT", "PortProtocols": "80"],
      [
        """
        add /spec/readinessGates [{"conditionType":"service.readiness.alibabacloud.com/game-3-dx"},\
        {"conditionType":"service.readiness.alibabacloud.com/game-3-lt"}]
        """
      ]),
    Case(
      "AlibabaCloud-AutoNLBs",
      [
        "ZoneMaps": "vpc@a:b,c:d", "PortProtocols": "80/TCPUDP,81", "MinPort": "1000", "MaxPort": "1003",
        "EipIspTypes": "BGP_PRO,intranet",
      ],
      [
        """
        add /spec/containers/0/ports [{"name":"tcp-3-80","containerPort":80,"protocol":"TCP"},\
        {"name":"udp-3-80","containerPort":80,"protocol":"UDP"},{"name":"tcp-3-81","containerPort":81,"protocol":"TCP"}]
        """,
        """
        add /spec/readinessGates [{"conditionType":"service.readiness.alibabacloud.com/game-bgp-pro-1"},\
        {"conditionType":"service.readiness.alibabacloud.com/game-intranet-1"}]
        """,
      ]),
    Case("AlibabaCloud-AutoNLBs-V2", ["ZoneMaps": "vpc@a:b,c:d", "PortProtocols": "80"], []),
    Case(
      "AlibabaCloud-AutoNLBs-V2", ["ZoneMaps": "vpc@a:b,c:d", "PortProtocols": "80", "RetainNLBOnDelete": "False"],
      [#"add /metadata/finalizers ["game.kruise.io/delete-nlb-on-gss-deleted"]"#]),
    Case(
      "AlibabaCloud-NATGW", [:],
      [
        annotation("k8s.aliyun.com/pod-dnat", #""true""#), annotation("k8s.aliyun.com/pod-dnat-expose-port", #""""#),
      ]),
    Case(
      "AlibabaCloud-NATGW", ["Ports": "80,8080", "Protocol": "tcp", "Fixed": "true"],
      [
        annotation("k8s.aliyun.com/pod-dnat", #""true""#),
        annotation("k8s.aliyun.com/pod-dnat-expose-port", #""80,8080""#),
        annotation("k8s.aliyun.com/pod-dnat-expose-protocol", #""tcp""#),
        annotation("k8s.aliyun.com/pod-dnat-fixed", #""true""#),
      ]),
    Case(
      "AlibabaCloud-EIP",
      [
        "ReleaseStrategy": "Never", "PoolId": "p", "ResourceGroupId": "r", "Bandwidth": "5", "BandwidthPackageId": "b",
        "ChargeType": "PayByTraffic", "Description": "d",
      ],
      [
        annotation("k8s.aliyun.com/pod-with-eip", #""true""#), annotation("k8s.aliyun.com/eip-name", #""ns/game-3""#),
        annotation("k8s.aliyun.com/pod-eip-release-strategy", #""Never""#),
        annotation("k8s.aliyun.com/eip-public-ip-address-pool-id", #""p""#),
        annotation("k8s.aliyun.com/eip-resource-group-id", #""r""#),
        annotation("k8s.aliyun.com/eip-bandwidth", #""5""#),
        annotation("k8s.aliyun.com/eip-common-bandwidth-package-id", #""b""#),
        annotation("k8s.aliyun.com/eip-internet-charge-type", #""PayByTraffic""#),
        annotation("k8s.aliyun.com/eip-description", #""d""#),
      ]),
    Case("AmazonWebServices-NLB", ["NlbARNs": "a", "PortProtocols": "80"], []),
    Case("Volcengine-CLB", ["ClbIds": "a", "PortProtocols": "80"], []),
    Case(
      "Volcengine-EIP", ["vke.volcengine.com/primary-eip-id": "eip-1", "bandwidth": "5"],
      [annotation("vke.volcengine.com/primary-eip-id", #""eip-1""#)]),
    Case(
      "Volcengine-EIP", ["name": "x", "bandwidth": "100", "billingType": "2"],
      [
        annotation("vke.volcengine.com/primary-eip-allocate", #""{\"type\": \"Elastic\"}""#),
        annotation(
          "vke.volcengine.com/primary-eip-attributes", #""{\"bandwidth\":100,\"billingType\":2,\"name\":\"x\"}""#),
      ]),
    Case(
      "Volcengine-EIP", [:],
      [
        annotation("vke.volcengine.com/primary-eip-allocate", #""{\"type\": \"Elastic\"}""#),
        annotation(
          "vke.volcengine.com/primary-eip-attributes",
          #""{\"description\":\"Created by the OKG Volcengine EIP plugin. Do not delete or modify.\"}""#),
      ]),
    Case("TencentCloud-CLB", ["PortProtocols": "80"], []),
    Case("HwCloud-ELB", ["ElbIds": "a", "PortProtocols": "80"], []),
    Case("HwCloud-CCE-ELB", ["kubernetes.io/elb.id": "a", "PortProtocols": "80"], []),
    Case(
      "HwCloud-CCE-EIP", ["yangtse.io/pod-with-eip": "true", "yangtse.io/eip-id": "e", "other": "x"],
      [annotation("yangtse.io/pod-with-eip", #""true""#), annotation("yangtse.io/eip-id", #""e""#)]),
    Case("JdCloud-NLB", ["NlbIds": "a", "PortProtocols": "80"], []),
    Case(
      "JdCloud-EIP",
      ["BandWidth": "5", "ChargeType": "postpaid_by_usage", "Fixed": "true", "AssignEIP": "true", "EIPId": "e"],
      [
        annotation("jdos.jd.com/eip.enable", #""true""#), annotation("jdos.jd.com/eip-name", #""ns/game-3""#),
        annotation("jdos.jd.com/eip.bandwith", #""5""#),
        annotation("jdos.jd.com/eip.chargeMode", #""postpaid_by_usage""#),
        annotation("jdos.jd.com/eip.static", #""true""#), annotation("jdos.jd.com/eip.userAssign", #""true""#),
        annotation("jdos.jd.com/eip.id", #""e""#),
      ]),
  ]

  @Test("writes what the cloud reads at creation, and adds nothing to its own output", arguments: cases)
  func admits(_ row: Case) throws {
    let bench = AdmissionBench()
    var editor = PodEditor(try bench.pod(row.type, [:]))
    let plugin = try #require(bench.registry.plugin(named: row.type))
    let context = PluginContext(
      podKey: editor.pod.key, set: NamespacedName("ns", "game"), parameters: row.parameters, cluster: bench.store)
    _ = try plugin.admit(&editor, context)
    #expect(AdmissionBench.Outcome(patch: editor.patch, result: editor.result, notes: []).lines == row.lines)
    var again = PodEditor(KubernetesObject(editor.result).as(Pod.self))
    _ = try plugin.admit(&again, context)
    #expect(again.patch.isEmpty)
  }

  @Test("covers every plugin but the one with host ports")
  func complete() {
    #expect(Set(Self.cases.map(\.type)).count == PluginRegistry.all.count - 1)
  }

  @Test(
    "refuses parameters that do not parse, and names the first",
    arguments: [
      ("Kubernetes-NodePort", ["PortProtocols": "x"], "PortProtocols"),
      ("Kubernetes-Ingress", ["Path": "/game<id>(/|$)(.*)", "PathType": "Prefix"], "Port"),
      ("Kubernetes-Ingress", ["PathType": "Prefix", "Port": "80"], "Path"),
      ("AlibabaCloud-Multi-NLBs", ["NlbIdNames": "A", "PortProtocols": "80"], "NlbIdNames"),
      ("AlibabaCloud-AutoNLBs", ["ZoneMaps": "z", "PortProtocols": "80", "MinPort": "9", "MaxPort": "8"], "MaxPort"),
      ("Volcengine-EIP", ["bandwidth": "x"], "bandwidth"),
    ] as [(String, KeyValuePairs<String, String>, String)])
  func refuses(_ type: String, _ parameters: KeyValuePairs<String, String>, _ parameter: String) throws {
    let bench = AdmissionBench()
    let error = try #require(throws: PluginError.self) { try bench.admit(bench.pod(type, parameters)) }
    #expect(error.code == .parameter)
    #expect(error.parameter == parameter)
  }

  @Test("turns problems into warnings where it is not strict, as long as the plugin can go on")
  func lenient() throws {
    let bench = AdmissionBench()
    let pod = try bench.pod("AlibabaCloud-NLB", ["NlbIds": "a", "PortProtocols": "80", "Fixed": "yes"])
    #expect(throws: PluginError.self) { try bench.admit(pod) }
    let outcome = try bench.admit(pod, isStrict: false)
    #expect(outcome.patch.isEmpty)
    guard case .warning(let text)? = outcome.notes.first else { throw Missing() }
    #expect(text.hasPrefix(#"network parameter Fixed: "yes" is not accepted; expected a boolean"#))
  }

  @Test("takes of stored lists of ports what parses, where it is not strict")
  func salvages() throws {
    let bench = AdmissionBench()
    let pod = try bench.pod(
      "Kubernetes-HostPort",
      ["ContainerPorts": "game:80,abc,81/HTTP,82/UDP,80", "ContainerPorts": "game", "ContainerPorts": "game:82/UDP"])
    let outcome = try bench.admit(pod, isStrict: false)
    #expect(outcome.pod.containers[0].ports.map(\.containerPort) == [80, 82])
    let node = try bench.pod("Kubernetes-NodePort", ["PortProtocols": "x", "Fixed": "maybe"])
    #expect(try bench.admit(node, isStrict: false).patch.isEmpty)
    let ingress = try bench.pod("Kubernetes-Ingress", ["Path": "/", "PathType": "Prefix", "Port": "x"])
    #expect(throws: PluginError.self) { try bench.admit(ingress) }
    let lenient = try bench.admit(ingress, isStrict: false)
    #expect(lenient.patch.isEmpty)
    #expect(lenient.notes.last == .warning("network parameter Port: is missing"))
  }

  @Test("lets a pod pass whose parameters nobody can read, where it is not strict")
  func unreadable() throws {
    let bench = AdmissionBench()
    var editor = PodEditor(try bench.pod("Kubernetes-HostPort", [:]))
    editor.setAnnotation(GameAnnotations.networkConf, "broken")
    let notes = try bench.registry.admit(
      &editor, podKey: editor.pod.key, isDryRun: false, isStrict: false, cluster: bench.store)
    guard case .warning(let text)? = notes.first else { throw Missing() }
    #expect(text.contains("is no JSON array"))
  }

  @Test("compares types, parameters and what it has read before by their bytes")
  func bytes() throws {
    let bench = AdmissionBench()
    let value = "game:80"
    #expect(try !bench.admit(bench.pod("Kubernetes-HostPort", ["ContainerPorts": value])).patch.isEmpty)
    // The Kelvin sign is a K to a comparison by characters.
    let similar = "\u{212A}ubernetes-HostPort"
    #expect(try bench.admit(bench.pod(similar, ["ContainerPorts": value])).patch.isEmpty)
    #expect(bench.registry.plugin(named: similar) == nil)
    #expect(bench.registry.validate(type: similar, parameters: []).isEmpty)
    let values = ParameterValues([NetworkParameter("\u{212A}eep", "1")])
    #expect(!values.contains("Keep"))
    #expect(values.last("Keep") == nil)
    #expect(values.all("Keep").isEmpty)
  }

  @Test(
    "takes of stored lists of other things what parses, where it is not strict",
    arguments: [
      ("AlibabaCloud-AutoNLBs", "BlockPorts", "1001,x", "1001"),
      ("Volcengine-CLB", "Annotations", "team:red,bad", "team:red"),
      (
        "AmazonWebServices-NLB", "NlbHealthCheck", "healthCheckPath:/h,foo:1,healthyThresholdCount:x",
        "healthCheckPath:/h"
      ),
    ])
  func salvagesElements(_ type: String, _ name: String, _ value: String, _ kept: String) throws {
    let plugin = try #require(PluginRegistry.all.first { $0.name == type })
    let network = PodNetwork(type: type, parameters: [NetworkParameter(name, value)]).salvaged(by: plugin)
    #expect(network.parameters.map(\.value) == [kept])
  }

  @Test("does not make a pod a backend while its network is disabled")
  func disabled() throws {
    let bench = AdmissionBench()
    let pod = try bench.pod(
      "AlibabaCloud-NLB-SharedPort", ["NlbIds": "nlb-1", "PortProtocols": "80"],
      labels: #","game.kruise.io/network-disabled":"true""#)
    #expect(try bench.admit(pod).patch.isEmpty)
  }

  @Test("keeps the ports that a container of AlibabaCloud-AutoNLBs has")
  func keepsPorts() throws {
    let bench = AdmissionBench()
    let pod = try bench.pod(
      "AlibabaCloud-AutoNLBs", ["ZoneMaps": "vpc@a:b", "PortProtocols": "80"],
      containers: #"[{"name":"game","ports":[{"name":"web","containerPort":80}]}]"#)
    #expect(
      try bench.admit(pod).lines.first
        == #"add /spec/containers/0/ports/- {"name":"tcp-3-80","containerPort":80,"protocol":"TCP"}"#)
  }

  struct Missing: Error {}
}
