import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Testing

@testable import Controllers

/// A network that lives through everything that happens to networks.
struct NetworkLife: Sendable, CustomTestStringConvertible {
  let type: String
  let parameters: [(String, String)]
  /// The Services that a pod has for itself, as what stands behind its name.
  var services: [String] = []
  /// Whether the network can be cut.
  var canBeCut = true
  /// The ports of load balancers that each pod holds.
  var ports = 0
  /// The cluster with the clouds that the network needs.
  var world: @Sendable () async throws -> NetworkHarness = { try await AlibabaCloudNetworkTests.harness() }

  var testDescription: String { type }

  static let zones = [("ZoneMaps", "vpc@z1:v1,z2:v2"), ("MaxPort", "1003")]

  /// Every network.
  static let all: [NetworkLife] = kubernetesAndAlibabaCloud + withCloudService + withCloudAddress + tencentAndAmazon

  private static let kubernetesAndAlibabaCloud: [NetworkLife] = [
    NetworkLife(type: "Kubernetes-HostPort", parameters: [("ContainerPorts", "game:80")], canBeCut: false),
    NetworkLife(type: "Kubernetes-NodePort", parameters: [("PortProtocols", "80")], services: [""]),
    NetworkLife(
      type: "Kubernetes-Ingress", parameters: [("Path", "/<id>"), ("PathType", "Prefix"), ("Port", "80")],
      services: [""], canBeCut: false),
    NetworkLife(
      type: "AlibabaCloud-SLB", parameters: [("SlbIds", "lb-1"), ("PortProtocols", "80,90/UDP")], services: [""],
      ports: 2),
    NetworkLife(
      type: "AlibabaCloud-SLB-SharedPort", parameters: [("SlbIds", "lb-1"), ("PortProtocols", "80")], ports: 1),
    NetworkLife(
      type: "AlibabaCloud-NLB", parameters: [("NlbIds", "nlb-1"), ("PortProtocols", "80/TCPUDP")], services: [""],
      ports: 1),
    NetworkLife(type: "AlibabaCloud-NLB-SharedPort", parameters: [("NlbIds", "nlb-1"), ("PortProtocols", "80")]),
    NetworkLife(
      type: "AlibabaCloud-Multi-NLBs", parameters: [("NlbIdNames", "n1/a,n2/b"), ("PortProtocols", "80")],
      services: ["-a", "-b"], ports: 2),
    NetworkLife(
      type: "AlibabaCloud-AutoNLBs", parameters: zones + [("PortProtocols", "80")], canBeCut: false),
    NetworkLife(type: "AlibabaCloud-AutoNLBs-V2", parameters: zones + [("PortProtocols", "80")]),
    NetworkLife(type: "AlibabaCloud-NATGW", parameters: [("Ports", "80")], canBeCut: false),
    NetworkLife(type: "AlibabaCloud-EIP", parameters: [], canBeCut: false),
  ]

  /// The networks with a Service in Volcengine, Huawei Cloud and JD Cloud.
  private static let withCloudService: [NetworkLife] = CloudCase.all.map { cloud in
    NetworkLife(
      type: cloud.type, parameters: cloud.parameters.map { ($0.key, $0.value) }, services: [""], ports: 1,
      world: { try await CloudServiceLifeTests.harness(cloud) })
  }

  /// The networks that a cloud writes on the pod.
  private static let withCloudAddress: [NetworkLife] = AddressCase.all.map { cloud in
    NetworkLife(
      type: cloud.type, parameters: cloud.parameters.map { ($0.key, $0.value) }, canBeCut: false,
      world: { try await CloudAddressLifeTests.harness(cloud.answer).0 })
  }

  private static let tencentAndAmazon: [NetworkLife] = [
    NetworkLife(
      type: "TencentCloud-CLB", parameters: [("PortProtocols", "80")],
      world: { try await CloudAddressLifeTests.harness(CloudAddressLifeTests.tencent).0 }),
    NetworkLife(
      type: "AmazonWebServices-NLB", parameters: AmazonNetworkTests.parameters.map { ($0.key, $0.value) },
      services: [""], ports: 1, world: { try await AmazonNetworkTests.harness() }),
  ]
}

@Suite("The whole life of every network")
struct NetworkLifeTests {
  @Test("is that of every plugin")
  func complete() { #expect(Set(NetworkLife.all.map(\.type)) == Set(PluginRegistry.all.map(\.name))) }

  @Test("created, updated in place, cut and restored, re-created, handed over, removed", arguments: NetworkLife.all)
  func life(_ life: NetworkLife) async throws {
    let harness = try await life.world()
    try await harness.deploy(life.type, parameters: life.parameters)
    try await harness.run()
    expectReady(harness, life)
    #expect(life.services.allSatisfy { harness.service("game-0\($0)") != nil })
    let held = {
      let space = harness.manager.plugins.plugin(named: life.type)?.portSpace?.name
      return harness.manager.ports.report.filter { $0.space == space }.reduce(0) { $0 + $1.held }
    }
    #expect(held() == 2 * life.ports)

    try await updateInPlace(harness, life)
    if life.canBeCut { try await cut(harness, life) }
    try await recreate(harness, life)
    #expect(held() == 2 * life.ports)

    let writes = harness.manager.writer.count
    try await harness.run(.seconds(300))
    #expect(harness.manager.writer.count == writes)

    try await harness.patchSet(["spec": ["replicas": 0]])
    try await harness.run(.seconds(90))
    #expect(harness.store.count(.pods) == 0)
    #expect(life.services.allSatisfy { harness.service("game-0\($0)") == nil })
    #expect(held() == 0)
    try await harness.client.delete(.gameServerSets, NamespacedName("default", "game"))
    try await harness.run(.seconds(90))
    #expect(harness.store.count(.services) == 0)
  }

  @Test(
    "is cut though its parameters make no sense any more, and comes back with them",
    arguments: NetworkLife.all.filter(\.canBeCut))
  func cutWithoutParameters(_ life: NetworkLife) async throws {
    let harness = try await life.world()
    try await harness.deploy(life.type, parameters: life.parameters, replicas: 1)
    try await harness.run()
    let annotation = GameAnnotations.networkConf
    let conf = try #require(harness.pod("game-0")?.metadata.annotations[annotation])
    let ports = life.services.map { harness.ports("game-0\($0)") }
    try await harness.patch(.pods, "game-0", ["metadata": ["annotations": [annotation: "no JSON"]]])
    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.state("game-0") == .notReady)
    #expect(life.services.map { harness.ports("game-0\($0)") } == ports)
    for service in life.services { #expect(isCut(harness, "game-0\(service)"), "\(service) of \(life.type)") }
    try await harness.patch(.pods, "game-0", ["metadata": ["annotations": [annotation: .string(conf)]]])
    try await harness.setDisabled("game-0", false)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    #expect(life.services.map { harness.ports("game-0\($0)") } == ports)
  }

  private func isCut(_ harness: NetworkHarness, _ service: String) -> Bool {
    let spec = harness.service(service)?.json["spec"]
    return spec?["type"]?.string == "ClusterIP"
      || spec?["selector"]?["game.kruise.io/svc-selector-disabled"]?.string == "game-0"
  }

  private func expectReady(_ harness: NetworkHarness, _ life: NetworkLife) {
    for pod in ["game-0", "game-1"] { #expect(harness.state(pod) == .ready, "\(pod) of \(life.type)") }
  }

  private func updateInPlace(_ harness: NetworkHarness, _ life: NetworkLife) async throws {
    let before = harness.pod("game-0")
    let addresses = harness.status("game-0")?.externalAddresses
    try await harness.patchSet([
      "spec": ["gameServerTemplate": ["spec": ["containers": [["name": "game", "image": "game:2"]]]]]
    ])
    try await harness.run(.seconds(60))
    #expect(harness.pod("game-0")?.metadata.uid == before?.metadata.uid)
    #expect(harness.pod("game-0")?.containers[0].image == "game:2")
    #expect(harness.status("game-0")?.externalAddresses == addresses)
    expectReady(harness, life)
  }

  private func cut(_ harness: NetworkHarness, _ life: NetworkLife) async throws {
    let ports = life.services.map { harness.ports("game-0\($0)") }
    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.state("game-0") == .notReady)
    #expect(harness.state("game-1") == .ready)
    harness.replaceManager()
    try await harness.run()
    try await harness.setDisabled("game-0", false)
    try await harness.run()
    expectReady(harness, life)
    #expect(life.services.map { harness.ports("game-0\($0)") } == ports)
  }

  /// Replaces a pod by another one of its name while the cloud still holds what the old one had, and the manager by another one.
  private func recreate(_ harness: NetworkHarness, _ life: NetworkLife) async throws {
    let old = life.services.map { harness.service("game-0\($0)")?.metadata.uid }
    try await harness.kill("game-0")
    try await harness.run(.seconds(1))
    harness.replaceManager()
    try await harness.run(.seconds(60))
    expectReady(harness, life)
    #expect(
      life.services.map { harness.service("game-0\($0)")?.metadata.uid }.allSatisfy { $0 != nil && !old.contains($0) })
  }
}
