import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Testing

@testable import Controllers

@Suite("The networks of Alibaba Cloud in a simulated cluster")
struct AlibabaCloudNetworkTests {
  static let label = "service.k8s.alibaba/loadbalancer-id"

  static func harness(_ configuration: ProviderConfiguration = .shippedWithAll) async throws -> NetworkHarness {
    try await NetworkHarness(configuration) { client, store in
      [
        ServiceControllerSimulator(client: client, cluster: store, marks: .alibabaCloud),
        PodObjectSimulator(dnats, annotation: "k8s.aliyun.com/pod-dnat", client: client, cluster: store),
        PodObjectSimulator(podEIPs, annotation: "k8s.aliyun.com/pod-with-eip", client: client, cluster: store),
        CloudObjectSimulator(dnats, client: client, cluster: store) { object in
          [
            "entries": [
              [
                "externalPort": "512", "externalIP": "47.0.0.1", "internalPort": "80", "internalIP": "10.0.0.8",
                "forwardEntryId": .string(object.name), "ipProtocol": "tcp",
              ]
            ]
          ]
        },
        CloudObjectSimulator(podEIPs, client: client, cluster: store) { _ in
          ["eipAddress": "47.0.0.9", "privateIPAddress": "10.0.0.9"]
        },
        CloudObjectSimulator(eips, client: client, cluster: store) { ["allocationID": .string("eip-" + $0.name)] },
        CloudObjectSimulator(nlbs, client: client, cluster: store) {
          ["loadBalancerId": .string($0.metadata.annotations["cloud-id"] ?? "nlb-" + $0.name)]
        },
      ]
    }
  }

  static let dnats = Resource(group: "alibabacloud.com", version: "v1beta1", plural: "poddnats", kind: "PodDNAT")
  static let podEIPs = Resource(group: "alibabacloud.com", version: "v1beta1", plural: "podeips", kind: "PodEIP")
  static let nlbs = Resource(group: "nlboperator.alibabacloud.com", version: "v1", plural: "nlbs", kind: "NLB")
  static let eips = Resource(group: "eip.alibabacloud.com", version: "v1alpha1", plural: "eips", kind: "EIP")

  @Test("NLB: the class and the policy come back with the type; the end point is the host name")
  func nlb() async throws {
    let harness = try await Self.harness()
    try await harness.deploy("AlibabaCloud-NLB", ["NlbIds": "nlb-1", "PortProtocols": "80/TCP,80/UDP,90"])
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    let service = try #require(harness.service("game-0"))
    #expect(service.ports.map { $0["name"]?.string } == ["80-tcp", "80-udp", "90"])
    #expect(service.json["spec"]?["loadBalancerClass"]?.string == "alibabacloud.com/nlb")
    #expect(
      service.metadata.annotations["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-health-check-flag"] == "on")
    let outside = try #require(harness.status("game-0")?.externalAddresses.first)
    #expect(outside.ip.isEmpty)
    #expect(outside.endPoint.hasSuffix(".cloud.example"))
    let ports = harness.ports("game-0")
    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.service("game-0")?.json["spec"]?["loadBalancerClass"] == nil)
    #expect(harness.state("game-0") == .notReady)
    try await harness.setDisabled("game-0", false)
    try await harness.run()
    #expect(harness.service("game-0")?.json["spec"]?["loadBalancerClass"]?.string == "alibabacloud.com/nlb")
    #expect(harness.service("game-0")?.json["spec"]?["externalTrafficPolicy"]?.string == "Local")
    #expect(harness.ports("game-0") == ports)
    #expect(harness.state("game-0") == .ready)
  }

  @Test("SLB: lives on through a re-creation while the cloud holds the old listener, and another replica")
  func recreation() async throws {
    let harness = try await Self.harness()
    try await harness.deploy("AlibabaCloud-SLB", ["SlbIds": "lb-1", "PortProtocols": "80"])
    try await harness.run()
    let old = harness.service("game-0")?.metadata.uid
    try await harness.kill("game-0")
    try await harness.run(.seconds(2))
    harness.replaceManager()
    try await harness.run()
    #expect(harness.service("game-0")?.metadata.uid != old)
    #expect(harness.state("game-0") == .ready)
    #expect(harness.manager.ports.report.map(\.held) == [2])
  }

  @Test("SLB-SharedPort: spreads pods over instances, cuts them off by their label, and puts them back where they were")
  func slbSharedPort() async throws {
    let harness = try await Self.harness()
    try await harness.deploy(
      "AlibabaCloud-SLB-SharedPort",
      ["SlbIds": "lb-a,lb-b", "PortProtocols": "80", "ManagedServiceSelector": "traffic=on"], replicas: 4)
    try await harness.run()
    func instance(_ pod: String) -> String? { harness.pod(pod)?.metadata.labels[Self.label] }
    #expect((0..<4).map { instance("game-\($0)") ?? "" }.sorted() == ["lb-a", "lb-a", "lb-b", "lb-b"])
    #expect((0..<4).allSatisfy { harness.state("game-\($0)") == .ready })
    #expect(harness.pod("game-0")?.metadata.labels["traffic"] == "on")
    let service = try #require(harness.service("lb-a"))
    #expect(service.metadata.labels["game.kruise.io/AlibabaCloud-SLB-SharedPort"] == "true")
    #expect(service.selector.dictionary == [Self.label: "lb-a"])
    #expect(service.metadata.controller?.kind == "GameServerSet")
    let before = instance("game-3")
    try await harness.setDisabled("game-3", true)
    try await harness.run()
    #expect(instance("game-3") == nil)
    #expect(harness.pod("game-3")?.metadata.labels["traffic"] == nil)
    #expect(harness.state("game-3") == .notReady)
    harness.replaceManager()
    try await harness.run()
    #expect(harness.manager.ports.report.map(\.held) == [2, 2])
    try await harness.setDisabled("game-3", false)
    try await harness.run()
    #expect(instance("game-3") == before)
    #expect(harness.state("game-3") == .ready)
    try await harness.patchSet(["spec": ["replicas": 1]])
    try await harness.run(.seconds(60))
    #expect(harness.manager.ports.report.map(\.held).reduce(0, +) == 1)
  }

  @Test("SLB-SharedPort: pods of a second set on one instance are updated in place too")
  func secondSet() async throws {
    let harness = try await Self.harness()
    let containers: JSONValue = [["name": "game", "image": "game:1"], ["name": "side", "image": "side:1"]]
    for name in ["game", "other"] {
      try await harness.deploy(
        "AlibabaCloud-SLB-SharedPort",
        ["SlbIds": "lb-a", "PortProtocols": "80", "AllowNotReadyContainers": "side"], name: name, replicas: 1,
        containers: containers)
    }
    try await harness.run()
    #expect(harness.state("other-0") == .ready)
    let owner = try #require(harness.service("lb-a")?.metadata.controller?.name)
    let second = owner == "game" ? "other" : "game"
    try await harness.patchSet(
      [
        "spec": [
          "gameServerTemplate": [
            "spec": ["containers": [["name": "game", "image": "game:1"], ["name": "side", "image": "side:2"]]]
          ]
        ]
      ], name: second)
    try await harness.run(.seconds(120))
    #expect(harness.pod("\(second)-0")?.containers.map(\.image) == ["game:1", "side:2"])
    #expect(harness.service("lb-a")?.publishesNotReady == false)
    let writes = harness.manager.writer.count
    try await harness.run(.seconds(300))
    #expect(harness.manager.writer.count == writes)
  }

  @Test("NLB-SharedPort: one Service for all pods, changed once for all of them, and not shared with another set")
  func nlbSharedPort() async throws {
    let harness = try await Self.harness()
    try await harness.deploy("AlibabaCloud-NLB-SharedPort", ["NlbIds": "nlb-1", "PortProtocols": "80"])
    try await harness.run()
    #expect(harness.state("game-1") == .ready)
    let uid = harness.service("nlb-1")?.metadata.uid
    try await harness.configure(["NlbIds": "nlb-1", "PortProtocols": "80,90/UDP"])
    try await harness.run(.seconds(60))
    #expect(harness.ports("nlb-1") == [80, 90])
    #expect(harness.service("nlb-1")?.metadata.uid == uid)
    #expect(harness.status("game-1")?.externalAddresses.count == 2)
    try await harness.setDisabled("game-1", true)
    try await harness.run()
    #expect(harness.state("game-1") == .notReady)
    #expect(harness.state("game-0") == .ready)
    try await harness.deploy(
      "AlibabaCloud-NLB-SharedPort", ["NlbIds": "nlb-1", "PortProtocols": "80"], name: "other", replicas: 1)
    try await harness.run()
    #expect(harness.state("other-0") == .notReady)
    #expect(harness.events.reasons("other-0").contains("parameterError"))
    #expect(harness.ports("nlb-1") == [80, 90])
  }

  @Test("Multi-NLBs: the same ports on every line, ready when the cloud says so of each")
  func multiNLBs() async throws {
    let harness = try await Self.harness()
    try await harness.deploy(
      "AlibabaCloud-Multi-NLBs",
      ["NlbIdNames": "n1/dianxin,n2/liantong,n3/dianxin,n4/liantong", "PortProtocols": "80/TCPUDP,90"])
    harness.loadBalancers.script(.services, NamespacedName("default", "game-0-liantong"), .after(.seconds(60)))
    try await harness.run()
    #expect(harness.state("game-0") == .notReady)
    #expect(harness.state("game-1") == .ready)
    try await harness.run(.seconds(60))
    #expect(harness.state("game-0") == .ready)
    #expect(harness.ports("game-0-dianxin") == harness.ports("game-0-liantong"))
    let outside = try #require(harness.status("game-0")?.externalAddresses)
    #expect(outside.map { $0.ports[0].name } == ["80-tcp", "80-udp", "90-tcp"])
    let lines = outside[0].endPoint.split(separator: ",").map { $0.split(separator: "/").last }
    #expect(lines == ["dianxin", "liantong"])
    let service = try #require(harness.service("game-0-dianxin"))
    #expect(service.metadata.labels["game.kruise.io/network-type"] == "AlibabaCloud-Multi-NLBs")
    #expect(service.metadata.annotations["game.kruise.io/lb-belong-index"] == "0")
    let ports = harness.ports("game-0-dianxin")
    harness.replaceManager()
    try await harness.configure(["NlbIdNames": "n3/dianxin,n4/liantong", "PortProtocols": "80/TCPUDP,90,100"])
    try await harness.run(.seconds(60))
    #expect(harness.ports("game-0-liantong").prefix(3) == ports.prefix(3))
    #expect(harness.ports("game-0-liantong").count == 4)
    #expect(
      harness.service("game-0-dianxin")?.metadata.annotations[
        "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id"]
        == "n1")
    #expect(harness.state("game-0") == .ready)
  }

  @Test(
    "Multi-NLBs: a live group takes a line more only where its ports are free, and stays on instances that were taken out"
  )
  func changedGroup() async throws {
    let harness = try await Self.harness()
    func instance(_ service: String) -> String? {
      harness.service(service)?.metadata.annotations["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id"]
    }
    try await harness.deploy(
      "AlibabaCloud-NLB", ["NlbIds": "n3", "PortProtocols": "90"], name: "other", replicas: 1)
    try await harness.deploy(
      "AlibabaCloud-Multi-NLBs", ["NlbIdNames": "n1/d,n2/l", "PortProtocols": "80"], replicas: 1)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    let ports = harness.ports("game-0-d")
    #expect(ports == harness.ports("other-0"))
    for names in ["n1/d,n2/l,n3/x", "n1/d,n3/l", "n3/d,n4/l"] {
      try await harness.configure(["NlbIdNames": names, "PortProtocols": "80"])
      try await harness.run(.seconds(60))
      #expect(["d", "l", "x"].map { instance("game-0-\($0)") } == ["n1", "n2", nil], "\(names)")
      #expect(harness.ports("game-0-l") == ports)
      #expect(harness.state("game-0") == .ready)
    }
    #expect(harness.events.reasons("game-0").contains("LoadBalancerAvoided"))
    try await harness.configure(["NlbIdNames": "n1/d,n2/l,n4/x", "PortProtocols": "80"])
    try await harness.run(.seconds(60))
    #expect(instance("game-0-x") == "n4")
    #expect(harness.ports("game-0-x") == ports)
    let audit = PortAudit(harness.store, plugins: harness.manager.plugins)
    #expect(audit.findings.isEmpty)
  }

  @Test("AutoNLBs: Services of many pods are there before the pods, with one in reserve")
  func autoNLBs() async throws {
    let harness = try await Self.harness()
    try await harness.deploy(
      "AlibabaCloud-AutoNLBs",
      [
        "ZoneMaps": "vpc@z1:v1,z2:v2", "PortProtocols": "80/TCPUDP", "MinPort": "1000", "MaxPort": "1001",
        "EipIspTypes": "BGP,intranet",
      ], replicas: 3)
    try await harness.run()
    #expect(["game-bgp-0", "game-bgp-1", "game-bgp-2", "game-intranet-2"].allSatisfy { harness.service($0) != nil })
    #expect(harness.service("game-bgp-3") == nil)
    #expect(
      harness.service("game-bgp-1")?.ports.map { $0["name"]?.string } == [
        "tcp-2-80", "udp-2-80", "tcp-3-80", "udp-3-80",
      ])
    let status = try #require(harness.status("game-2"))
    #expect(status.currentState == .ready)
    #expect(status.externalAddresses[0].ports.map(\.port) == [.int(1000), .int(1000)])
    #expect(status.externalAddresses[0].endPoint.hasSuffix("/intranet"))
    let type = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type"
    #expect(harness.service("game-intranet-0")?.metadata.annotations[type] == "intranet")
    try await harness.patchSet(["spec": ["replicas": 5]])
    try await harness.run()
    #expect(harness.service("game-bgp-3") != nil)
    #expect(harness.state("game-4") == .ready)
  }

  @Test("AutoNLBs: a pod whose port its load balancer's Service does not have is not ready, and the user hears why")
  func missingPort() async throws {
    let harness = try await Self.harness()
    func parameters(_ ports: String) -> KeyValuePairs<String, String> {
      ["ZoneMaps": "vpc@z1:v1,z2:v2", "PortProtocols": ports, "MaxPort": "1003"]
    }
    try await harness.deploy("AlibabaCloud-AutoNLBs", parameters("80"), replicas: 1)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    try await harness.configure(parameters("80,81"))
    try await harness.run()
    #expect(harness.state("game-0") == .notReady)
    #expect(harness.events.reasons("game-0").contains("NetworkWarning"))
  }

  @Test("NATGW and EIP: wait for the cloud's objects and show what they say")
  func podObjects() async throws {
    let harness = try await Self.harness()
    try await harness.deploy("AlibabaCloud-NATGW", ["Ports": "80", "Protocol": "tcp"], name: "nat", replicas: 1)
    try await harness.deploy("AlibabaCloud-NATGW", ["Ports": "80,90"], name: "half", replicas: 1)
    try await harness.deploy("AlibabaCloud-EIP", ["Bandwidth": "5"], name: "eip", replicas: 1)
    try await harness.run(.seconds(2))
    #expect(harness.state("nat-0") == .waiting)
    #expect(harness.state("eip-0") == .waiting)
    try await harness.run()
    #expect(harness.status("nat-0")?.externalAddresses.first?.ports.first?.port == .string("512"))
    #expect(harness.status("nat-0")?.externalAddresses.first?.ports.first?.proto == "TCP")
    #expect(harness.state("nat-0") == .ready)
    #expect(harness.state("half-0") == .waiting)
    #expect(harness.status("eip-0")?.externalAddresses.first?.ip == "47.0.0.9")
    #expect(harness.status("eip-0")?.internalAddresses.first?.ip == "10.0.0.9")
    try await harness.kill("eip-0")
    try await harness.run()
    #expect(harness.state("eip-0") == .ready)
  }
}
