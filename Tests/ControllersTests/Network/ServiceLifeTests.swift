import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Synchronization
import Testing

@testable import Controllers

@Suite("The life of a network with one Service for each pod")
struct ServiceLifeTests {
  static let parameters: KeyValuePairs = ["SlbIds": "lb-1,lb-2", "PortProtocols": "80,90/TCPUDP"]

  @Test("becomes ready with the lowest ports of the first load balancer")
  func ready() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("AlibabaCloud-SLB", Self.parameters)
    try await harness.run()
    #expect(harness.ports("game-0") + harness.ports("game-1") == [500, 501, 501, 502, 503, 503])
    let status = try #require(harness.status("game-0"))
    #expect(status.currentState == .ready)
    #expect(status.externalAddresses.map { $0.ports[0].name } == ["80", "90", "90"])
    #expect(status.externalAddresses.map { $0.ports[0].port } == [.int(500), .int(501), .int(501)])
    #expect(status.externalAddresses.allSatisfy { !$0.ip.isEmpty })
    #expect(
      harness.object(.gameServers, "game-0")?.json["status"]?["networkStatus"]?["currentNetworkState"]?.string
        == "Ready")
  }

  @Test("writes nothing once everything is as it should be")
  func quiet() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("AlibabaCloud-SLB", Self.parameters)
    try await harness.run(.seconds(60))
    let before = harness.manager.writer.count
    try await harness.run(.seconds(600))
    #expect(harness.manager.writer.count == before)
  }

  @Test("waits for a slow cloud, and for one that refuses until it does not any more")
  func slow() async throws {
    let harness = try await NetworkHarness()
    harness.loadBalancers.script(.services, NamespacedName("default", "game-0"), .after(.seconds(300)))
    harness.loadBalancers.script(.services, NamespacedName("default", "game-1"), .refusal)
    try await harness.deploy("AlibabaCloud-SLB", Self.parameters)
    try await harness.run(.seconds(200))
    #expect(harness.state("game-0") == .notReady)
    #expect(harness.service("game-0") != nil)
    try await harness.run(.seconds(200))
    #expect(harness.state("game-0") == .ready)
    #expect(harness.state("game-1") == .notReady)
    harness.loadBalancers.script(.services, NamespacedName("default", "game-1"), .after(.zero))
    try await harness.run()
    #expect(harness.state("game-1") == .ready)
  }

  @Test("keeps the ports while the network is disabled, and gets back everything that the type took away")
  func toggle() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy(
      "AlibabaCloud-SLB", ["SlbIds": "lb-1", "PortProtocols": "80", "ExternalTrafficPolicyType": "Local"])
    try await harness.run()
    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.service("game-0")?.type == "ClusterIP")
    #expect(harness.state("game-0") == .notReady)
    harness.replaceManager()
    try await harness.patchSet(["spec": ["replicas": 3]])
    try await harness.run()
    #expect(harness.ports("game-2") == [502])
    try await harness.setDisabled("game-0", false)
    try await harness.run()
    #expect(harness.service("game-0")?.type == "LoadBalancer")
    #expect(harness.service("game-0")?.json["spec"]?["externalTrafficPolicy"]?.string == "Local")
    #expect(harness.ports("game-0") == [500])
    #expect(harness.state("game-0") == .ready)
  }

  @Test("an old Service of the same name goes first, however long its cloud holds it")
  func recreated() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("AlibabaCloud-SLB", Self.parameters)
    try await harness.run()
    let uid = try #require(harness.service("game-0")?.metadata.uid)
    try await harness.patch(.services, "game-0", ["metadata": ["finalizers": ["cloud/hold"]]])
    try await harness.kill("game-0")
    try await harness.run()
    #expect(harness.pod("game-0")?.isReady == true)
    #expect(harness.service("game-0")?.metadata.uid == uid)
    #expect(harness.state("game-0") == .notReady)
    try await harness.patch(.services, "game-0", ["metadata": ["finalizers": nil]])
    try await harness.run()
    #expect(harness.service("game-0").map { $0.metadata.uid != uid } == true)
    #expect(harness.state("game-0") == .ready)
    #expect(harness.ports("game-0") == [500, 501, 501])
  }

  @Test("ports are free again when the Service is gone, and not before")
  func release() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("AlibabaCloud-SLB", ["SlbIds": "lb-1", "PortProtocols": "80"], replicas: 3)
    try await harness.run()
    #expect(harness.manager.ports.report.map(\.held) == [3])
    try await harness.patch(.services, "game-2", ["metadata": ["finalizers": ["cloud/hold"]]])
    try await harness.patchSet(["spec": ["replicas": 2]])
    try await harness.run()
    #expect(harness.pod("game-2") == nil)
    #expect(harness.manager.ports.report.map(\.held) == [3])
    try await harness.patch(.services, "game-2", ["metadata": ["finalizers": nil]])
    try await harness.run()
    #expect(harness.manager.ports.report.map(\.held) == [2])
  }

  @Test("a changed configuration keeps ports and load balancer, and what other programs wrote")
  func update() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("AlibabaCloud-SLB", ["SlbIds": "lb-1", "PortProtocols": "80"])
    try await harness.run()
    try await harness.patch(
      .services, "game-0",
      [
        "metadata": [
          "labels": ["service.k8s.alibaba/loadbalancer-id": "lb-1"], "finalizers": ["service.k8s.alibaba/resources"],
        ]
      ])
    let pod = harness.pod("game-0")?.metadata.uid
    try await harness.configure(["SlbIds": "lb-9", "PortProtocols": "90/UDP,80"])
    try await harness.run()
    #expect(harness.pod("game-0")?.metadata.uid == pod)
    #expect(Set(harness.ports("game-0") + harness.ports("game-1")) == [500, 501, 502, 503])
    #expect(harness.ports("game-0").contains(500))
    let metadata = harness.service("game-0")?.metadata
    #expect(metadata?.annotations["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id"] == "lb-1")
    #expect(metadata?.labels["service.k8s.alibaba/loadbalancer-id"] == "lb-1")
    #expect(metadata?.finalizers == ["service.k8s.alibaba/resources"])
    #expect(harness.state("game-0") == .ready)
    try await harness.configure(["SlbIds": "lb-9", "PortProtocols": "90/UDP"])
    try await harness.run()
    #expect(!harness.ports("game-0").contains(500))
    #expect(harness.manager.ports.report.first { $0.loadBalancer == "lb-1" }?.held == 2)
  }

  @Test("vectors 40 and 41: Fixed keeps ports for the life of its own set")
  func fixed() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("AlibabaCloud-SLB", ["SlbIds": "lb-1", "PortProtocols": "80", "Fixed": "true"])
    try await harness.run()
    try await harness.patchSet(["spec": ["replicas": 1]])
    try await harness.run()
    #expect(harness.pod("game-1") == nil)
    #expect(harness.ports("game-1") == [501])
    try await harness.deploy("AlibabaCloud-SLB", ["SlbIds": "lb-1", "PortProtocols": "80"], name: "game2", replicas: 1)
    try await harness.run()
    #expect(harness.ports("game2-0") == [502])
    try await harness.client.delete(.gameServerSets, NamespacedName("default", "game"))
    try await harness.run()
    #expect(harness.service("game-1") == nil)
    #expect(harness.ports("game2-0") == [502])
    #expect(harness.manager.ports.report.map(\.held) == [1])
  }

  @Test("a Service of somebody else is left alone and told of")
  func foreign() async throws {
    let harness = try await NetworkHarness()
    try await harness.client.create(
      .services, namespace: "default",
      [
        "apiVersion": "v1", "kind": "Service", "metadata": ["name": "game-0"],
        "spec": ["ports": [["port": 1]]],
      ])
    try await harness.deploy("AlibabaCloud-SLB", Self.parameters)
    try await harness.run()
    #expect(harness.ports("game-0") == [1])
    #expect(harness.state("game-0") == .notReady)
    #expect(harness.events.reasons("game-0").contains("internalError"))
    try await harness.client.delete(.services, NamespacedName("default", "game-0"))
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
  }

  @Test("exhausted ports are told of, and given as soon as some are free")
  func exhausted() async throws {
    var configuration = ProviderConfiguration.shipped
    configuration.alibabaCloud.slb = PortRange(500, 504)
    let harness = try await NetworkHarness(configuration)
    try await harness.deploy("AlibabaCloud-SLB", ["SlbIds": "lb-1", "PortProtocols": "80"], replicas: 6)
    try await harness.run()
    let waiting = (0..<6).filter { harness.service("game-\($0)") == nil }
    #expect(waiting.count == 1)
    #expect(
      harness.events.messages("parameterError").first?.contains("there are no avaialable ports for [lb-1]") == true)
    #expect(harness.events.messages("LoadBalancerPortsScarce").count == 1)
    try await harness.configure(["SlbIds": "lb-1,lb-2", "PortProtocols": "80"])
    try await harness.run()
    #expect((0..<6).allSatisfy { harness.state("game-\($0)") == .ready })
  }

  @Test("a bad parameter that is stored is told of and never holds up the pod's end")
  func badParameter() async throws {
    let harness = try await NetworkHarness()
    try await harness.deploy("AlibabaCloud-SLB", Self.parameters)
    try await harness.run()
    try await harness.configure(["SlbIds": "lb-1", "PortProtocols": "80/SMTP"])
    try await harness.run()
    #expect(harness.events.reasons("game-0").contains("parameterError"))
    #expect(harness.ports("game-0") == [500, 501, 501])
    try await harness.patchSet(["spec": ["replicas": 0]])
    try await harness.run(.seconds(60))
    #expect(harness.pod("game-0") == nil)
    #expect(harness.service("game-0") == nil)
  }

  @Test(
    "an in-place update of a container that may be not ready waits for the Service, which publishes the pod meanwhile")
  func inPlaceUpdate() async throws {
    let harness = try await NetworkHarness()
    func containers(_ side: String) -> JSONValue {
      [["name": "game", "image": "game:1"], ["name": "side", "image": .string(side)]]
    }
    try await harness.deploy(
      "AlibabaCloud-SLB", ["SlbIds": "lb-1", "PortProtocols": "80", "AllowNotReadyContainers": "side"], replicas: 1,
      containers: containers("side:1"))
    try await harness.run()
    let uid = harness.pod("game-0")?.metadata.uid
    #expect(harness.service("game-0")?.publishesNotReady == false)
    #expect(harness.pod("game-0")?.metadata.labels[GameLabels.inPlaceUpdateBlocker] == "true")
    let published = Mutex<[Bool]>([])
    harness.store.observe(.services) { _, new in
      if let new { published.withLock { $0.append(new.as(Service.self).publishesNotReady) } }
    }
    try await harness.patchSet([
      "spec": ["gameServerTemplate": ["spec": ["containers": containers("side:2")]]]
    ])
    try await harness.run(.seconds(120))
    #expect(harness.pod("game-0")?.metadata.uid == uid)
    #expect(harness.pod("game-0")?.containers[1].image == "side:2")
    #expect(published.withLock { $0.contains(true) })
    #expect(harness.service("game-0")?.publishesNotReady == false)
    #expect(harness.pod("game-0")?.metadata.labels[GameLabels.inPlaceUpdateBlocker] == "true")
    #expect(harness.state("game-0") == .ready)
  }

  @Test("an API server that refuses for a while is asked again, and a new manager goes on from there")
  func faults() async throws {
    let harness = try await NetworkHarness()
    harness.server.setFaults(
      ScriptedFaults([
        ScriptedFaults.Rule(
          .failure(KubernetesError(.serviceUnavailable, status: 503, message: "not now")), verbs: ["patch"],
          resource: .services, every: 2, limit: 6)
      ]))
    try await harness.deploy("AlibabaCloud-SLB", Self.parameters, replicas: 4)
    try await harness.run(.seconds(3))
    harness.replaceManager()
    try await harness.run(.seconds(60))
    #expect((0..<4).allSatisfy { harness.state("game-\($0)") == .ready })
    let ports = (0..<4).flatMap { Set(harness.ports("game-\($0)")) }
    #expect(Set(ports).count == 8)
    #expect(harness.manager.ports.report.map(\.held) == [8])
  }

  @Test("a load balancer without room for a port more neither keeps traffic flowing nor holds up an update in place")
  func fullAndCut() async throws {
    var configuration = ProviderConfiguration.shippedWithAll
    configuration.hwCloud.elb = PortRange(500, 501)
    let harness = try await NetworkHarness(configuration)
    let containers: JSONValue = [["name": "game", "image": "game:1"], ["name": "side", "image": "side:1"]]
    func parameters(_ ports: String) -> KeyValuePairs<String, String> {
      ["ElbIds": "lb-1", "PortProtocols": ports, "AllowNotReadyContainers": "side"]
    }
    try await harness.deploy("HwCloud-ELB", parameters("80,81"), replicas: 1, containers: containers)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    try await harness.configure(parameters("80,81,82"))
    try await harness.run()
    #expect(harness.ports("game-0") == [500, 501])
    #expect(harness.state("game-0") == .ready)
    try await harness.patchSet([
      "spec": [
        "gameServerTemplate": [
          "spec": ["containers": [["name": "game", "image": "game:1"], ["name": "side", "image": "side:2"]]]
        ]
      ]
    ])
    try await harness.run(.seconds(120))
    #expect(harness.pod("game-0")?.containers.map(\.image) == ["game:1", "side:2"])
    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.state("game-0") == .notReady)
    #expect(harness.service("game-0")?.json["spec"]?["type"]?.string == "ClusterIP")
    #expect(harness.ports("game-0") == [500, 501])
  }
}
