import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Testing

@testable import Controllers

/// A plugin with one Service for each pod, and the cloud that it is for.
struct CloudCase: Sendable, CustomTestStringConvertible {
  let type: String
  let marks: ServiceControllerSimulator.Marks
  let parameters: KeyValuePairs<String, String>
  /// The same load balancer with another port.
  let more: KeyValuePairs<String, String>
  let firstPort: Int
  /// A field that only a Service of type LoadBalancer has, and its value.
  let field: (name: String, value: JSONValue)

  var testDescription: String { type }

  init(
    _ type: String, _ marks: ServiceControllerSimulator.Marks, _ ids: String, _ firstPort: Int,
    _ field: (name: String, value: JSONValue), _ extra: (String, String)
  ) {
    self.type = type
    self.marks = marks
    self.firstPort = firstPort
    self.field = field
    parameters = [ids: "lb-1", "PortProtocols": "80", extra.0: extra.1]
    more = [ids: "lb-1", "PortProtocols": "80,90/TCPUDP", extra.0: extra.1]
  }

  static let all = [
    CloudCase(
      "Volcengine-CLB", .volcengine, "ClbIds", 550, ("allocateLoadBalancerNodePorts", false),
      ("AllocateLoadBalancerNodePorts", "false")),
    CloudCase(
      "HwCloud-ELB", .hwCloud, "ElbIds", 500, ("externalTrafficPolicy", "Local"),
      ("ExternalTrafficPolicyType", "Local")),
    CloudCase(
      "HwCloud-CCE-ELB", .hwCloud, "kubernetes.io/elb.id", 32768, ("externalTrafficPolicy", "Local"),
      ("ExternalTrafficPolicyType", "Local")),
    CloudCase(
      "JdCloud-NLB", .jdCloud, "NlbIds", 500, ("allocateLoadBalancerNodePorts", false),
      ("AllocateLoadBalancerNodePorts", "false")),
  ]
}

@Suite("The life of a network with a Service in Volcengine, Huawei Cloud and JD Cloud")
struct CloudServiceLifeTests {
  static func harness(_ cloud: CloudCase) async throws -> NetworkHarness {
    try await NetworkHarness { client, store in
      [ServiceControllerSimulator(client: client, cluster: store, marks: cloud.marks)]
    }
  }

  @Test("HwCloud-CCE-ELB: a pod stays on its load balancer when the next ones get their own")
  func fromListedToOwn() async throws {
    let harness = try await NetworkHarness { client, store in
      [ServiceControllerSimulator(client: client, cluster: store, marks: .hwCloud)]
    }
    let (id, own) = ("kubernetes.io/elb.id", "kubernetes.io/elb.autocreate")
    try await harness.deploy("HwCloud-CCE-ELB", [id: " elb-1, ", "PortProtocols": "80"], replicas: 1)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    #expect(harness.service("game-0")?.metadata.annotations[id] == "elb-1")
    let ports = harness.ports("game-0")
    try await harness.configure([own: #"{"type":"public"}"#, "PortProtocols": "80,90"])
    try await harness.run(.seconds(60))
    #expect(harness.service("game-0")?.metadata.annotations[id] == "elb-1")
    #expect(harness.service("game-0")?.metadata.annotations[own] == nil)
    #expect(harness.ports("game-0").prefix(1) == ports[...])
    #expect(harness.ports("game-0").count == 2)
    #expect(harness.state("game-0") == .ready)
    try await harness.patchSet(["spec": ["replicas": 2]])
    try await harness.run()
    #expect(harness.service("game-1")?.metadata.annotations[own] == #"{"type":"public"}"#)
  }

  @Test("is created, cut off, restored and changed in place, and keeps its ports", arguments: CloudCase.all)
  func life(_ cloud: CloudCase) async throws {
    let harness = try await Self.harness(cloud)
    try await harness.deploy(cloud.type, cloud.parameters)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    #expect(harness.state("game-1") == .ready)
    #expect(harness.ports("game-0") + harness.ports("game-1") == [cloud.firstPort, cloud.firstPort + 1])
    let address = try #require(harness.status("game-0")?.externalAddresses.first)
    #expect(!address.ip.isEmpty)
    #expect(address.ports == [NetworkStatus.Port(name: "80", proto: "TCP", port: .int(cloud.firstPort))])
    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.service("game-0")?.type == "ClusterIP")
    #expect(harness.state("game-0") == .notReady)
    harness.replaceManager()
    try await harness.patchSet(["spec": ["replicas": 3]])
    try await harness.run()
    #expect(harness.ports("game-2") == [cloud.firstPort + 2])
    try await harness.setDisabled("game-0", false)
    try await harness.run()
    #expect(harness.service("game-0")?.type == "LoadBalancer")
    #expect(harness.service("game-0")?.json["spec"]?[cloud.field.name].map(JSONValue.init) == cloud.field.value)
    #expect(harness.state("game-0") == .ready)
    let pod = harness.pod("game-0")?.metadata.uid
    try await harness.configure(cloud.more)
    try await harness.run(.seconds(60))
    #expect(harness.pod("game-0")?.metadata.uid == pod)
    #expect(harness.ports("game-0").first == cloud.firstPort)
    #expect(harness.ports("game-0").count == 3)
    #expect(harness.service("game-0")?.metadata.finalizers == [cloud.marks.finalizer])
    #expect(harness.service("game-0")?.metadata.labels[cloud.marks.label] == "lb-1")
    #expect(harness.status("game-0")?.externalAddresses.count == 3)
    #expect(harness.state("game-0") == .ready)
  }

  @Test("waits for the old listener when a pod is re-created, and leaves nothing behind", arguments: CloudCase.all)
  func recreation(_ cloud: CloudCase) async throws {
    let harness = try await Self.harness(cloud)
    try await harness.deploy(cloud.type, cloud.parameters)
    try await harness.run()
    let old = try #require(harness.service("game-0")?.metadata.uid)
    try await harness.kill("game-0")
    try await harness.run(.seconds(2))
    #expect(harness.service("game-0")?.metadata.uid == old)
    #expect(harness.state("game-0") != .ready)
    harness.replaceManager()
    try await harness.run()
    #expect(harness.service("game-0").map { $0.metadata.uid != old } == true)
    #expect(harness.state("game-0") == .ready)
    #expect(harness.manager.ports.report.map(\.held) == [2])
    try await harness.client.delete(.gameServerSets, NamespacedName("default", "game"))
    try await harness.run(.seconds(60))
    #expect(harness.store.count(.services) == 0)
    #expect(harness.manager.ports.report.map(\.held) == [0])
  }

  @Test("waits for a slow cloud, and for one that refuses", arguments: CloudCase.all)
  func slow(_ cloud: CloudCase) async throws {
    let harness = try await Self.harness(cloud)
    harness.loadBalancers.script(.services, NamespacedName("default", "game-0"), .after(.seconds(120)))
    harness.loadBalancers.script(.services, NamespacedName("default", "game-1"), .refusal)
    try await harness.deploy(cloud.type, cloud.parameters)
    try await harness.run(.seconds(60))
    #expect(harness.state("game-0") == .notReady)
    try await harness.run(.seconds(90))
    #expect(harness.state("game-0") == .ready)
    #expect(harness.state("game-1") == .notReady)
    harness.loadBalancers.script(.services, NamespacedName("default", "game-1"), .after(.zero))
    try await harness.run()
    #expect(harness.state("game-1") == .ready)
    let writes = harness.manager.writer.count
    try await harness.run(.seconds(300))
    #expect(harness.manager.writer.count == writes)
  }

  @Test("HwCloud-CCE-ELB: the cloud makes a load balancer for each pod, and its id survives a change")
  func autoCreate() async throws {
    let key = "kubernetes.io/elb.id"
    let harness = try await NetworkHarness { client, store in
      [
        ServiceControllerSimulator(client: client, cluster: store, marks: .hwCloud),
        CloudAnnotationSimulator(.services, client: client, cluster: store) { service in
          guard service.metadata.annotations.contains("kubernetes.io/elb.autocreate") else { return nil }
          return [key: .string("made-for-\(service.name)")]
        },
      ]
    }
    try await harness.deploy("HwCloud-CCE-ELB", ["kubernetes.io/elb.autocreate": "{}", "PortProtocols": "80"])
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    #expect(harness.ports("game-0") == [32768])
    #expect(harness.ports("game-1") == [32768])
    #expect(harness.service("game-0")?.metadata.annotations[key] == "made-for-game-0")
    #expect(
      harness.manager.ports.report.map { "\($0.loadBalancer) \($0.held)" }
        == ["made-for-game-0 1", "made-for-game-1 1"])
    try await harness.configure(["kubernetes.io/elb.autocreate": "{}", "PortProtocols": "90/UDP,80"])
    try await harness.run(.seconds(60))
    let ports = harness.service("game-0")?.ports.map { "\($0["targetPort"]?.int ?? 0) \($0["port"]?.int ?? 0)" }
    #expect(ports?.sorted() == ["80 32768", "90 32769"])
    #expect(harness.service("game-0")?.metadata.annotations[key] == "made-for-game-0")
    #expect(harness.state("game-0") == .ready)
  }
}
