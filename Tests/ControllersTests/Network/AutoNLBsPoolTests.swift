import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Testing

@testable import Controllers

@Suite("The pools of AlibabaCloud-AutoNLBs-V2 in a simulated cluster")
struct AutoNLBsPoolTests {
  static let pool: KeyValuePairs = [
    "ZoneMaps": "vpc@z1:v1,z2:v2", "PortProtocols": "80,90/UDP", "MinPort": "1000", "MaxPort": "1004",
    "BlockPorts": "1001", "EipIspTypes": "BGP_PRO,intranet", "RetainNLBOnDelete": "false", "ReserveNlbNum": "0",
  ]

  @Test("addresses, then load balancers, then Services ahead of pods; all of it goes with the set")
  func autoNLBsV2() async throws {
    let harness = try await AlibabaCloudNetworkTests.harness()
    try await harness.deploy("AlibabaCloud-AutoNLBs-V2", Self.pool, replicas: 3)
    try await harness.run()
    let nlb = try #require(harness.object(AlibabaCloudNetworkTests.nlbs, "game-bgp-pro-1"))
    #expect(nlb.json["spec"]?["zoneMappings"]?[1]?["allocationId"]?.string == "eip-game-eip-bgp-pro-1-z1")
    #expect(
      harness.object(AlibabaCloudNetworkTests.nlbs, "game-intranet-0")?.json["spec"]?["addressType"]?.string
        == "Intranet")
    #expect(harness.object(AlibabaCloudNetworkTests.eips, "game-eip-intranet-0-z0") == nil)
    #expect(
      harness.object(AlibabaCloudNetworkTests.eips, "game-eip-bgp-pro-0-z0")?.metadata.labels[
        "game.kruise.io/eip-pool-eip-isp-type"]
        == "BGP_PRO")
    #expect(harness.ports("game-1-bgp-pro") == [1003, 1004])
    #expect(harness.service("game-3-bgp-pro") != nil)
    let status = try #require(harness.status("game-0"))
    #expect(status.currentState == .ready)
    #expect(
      status.externalAddresses.map { $0.endPoint.split(separator: "/").last } == [
        "BGP_PRO", "BGP_PRO", "intranet", "intranet",
      ])
    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.state("game-0") == .notReady)
    try await harness.patchSet(["spec": ["replicas": 2]])
    try await harness.run(.seconds(60))
    #expect(harness.pod("game-2") == nil)
    #expect(harness.object(AlibabaCloudNetworkTests.nlbs, "game-bgp-pro-1") != nil)
    try await harness.client.delete(.gameServerSets, NamespacedName("default", "game"))
    try await harness.run(.seconds(120))
    #expect(harness.store.count(.pods) == 0)
    #expect(harness.store.count(.services) == 0)
    #expect(harness.store.count(AlibabaCloudNetworkTests.nlbs) == 0)
    #expect(harness.store.count(AlibabaCloudNetworkTests.eips) == 0)
  }

  @Test("another list of ports moves the Services in reserve too, so that no two are on one port")
  func changedPool() async throws {
    let harness = try await AlibabaCloudNetworkTests.harness()
    func parameters(_ ports: String) -> KeyValuePairs<String, String> {
      [
        "ZoneMaps": "vpc@z1:v1,z2:v2", "PortProtocols": ports, "MinPort": "1000", "MaxPort": "1003",
        "ReserveNlbNum": "0", "EipIspTypes": "bgp",
      ]
    }
    func places() -> [String] {
      harness.store.objects(.services, .all(namespace: "default")).map { $0.as(Service.self) }.flatMap { service in
        let id = service.metadata.annotations["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id"] ?? ""
        return service.ports.map { "\(id):\($0["port"]?.int ?? 0)" }
      }
    }
    try await harness.deploy("AlibabaCloud-AutoNLBs-V2", parameters("80"), replicas: 1)
    try await harness.run()
    #expect(places().count == 4)
    try await harness.configure(parameters("80,81"))
    try await harness.run(.seconds(60))
    #expect(harness.state("game-0") == .ready)
    #expect(places().count == Set(places()).count)
    try await harness.patchSet(["spec": ["replicas": 3]])
    try await harness.run(.seconds(60))
    #expect((0..<3).allSatisfy { harness.state("game-\($0)") == .ready })
    #expect(places().count == 8)
    #expect(Set(places()).count == 8)
    let writes = harness.manager.writer.count
    try await harness.run(.seconds(300))
    #expect(harness.manager.writer.count == writes)
  }

  @Test("pods follow when their load balancer is made anew")
  func replacedLoadBalancer() async throws {
    let harness = try await AlibabaCloudNetworkTests.harness()
    try await harness.deploy("AlibabaCloud-AutoNLBs-V2", Self.pool, replicas: 1)
    try await harness.run()
    try await harness.patch(
      AlibabaCloudNetworkTests.nlbs, "game-intranet-0", ["metadata": ["annotations": ["cloud-id": "another"]]])
    try await harness.run(.seconds(10))
    let annotations = harness.service("game-0-intranet")?.metadata.annotations
    #expect(annotations?["service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id"] == "another")
  }

  @Test("a pod that outlived its set belongs to the next of that name, and goes when that one lets it")
  func adopted() async throws {
    let harness = try await AlibabaCloudNetworkTests.harness()
    try await harness.deploy("AlibabaCloud-AutoNLBs-V2", Self.pool)
    try await harness.run()
    let label = "game.kruise.io/gss-deleting"
    try await harness.patch(.pods, "game-1", ["metadata": ["labels": [label: "true"]]])
    try await harness.run()
    #expect(harness.pod("game-1")?.metadata.labels[label] == nil)
    try await harness.patchSet(["spec": ["replicas": 1]])
    try await harness.run(.seconds(60))
    #expect(harness.pod("game-1") == nil)
    #expect(harness.store.count(AlibabaCloudNetworkTests.nlbs) == 2)
  }

  @Test("load balancers outlive a set that retains them, and serve the next of its name")
  func retained() async throws {
    let harness = try await AlibabaCloudNetworkTests.harness()
    let parameters: KeyValuePairs = ["ZoneMaps": "vpc@z1:v1,z2:v2", "PortProtocols": "80", "MaxPort": "1001"]
    try await harness.deploy("AlibabaCloud-AutoNLBs-V2", parameters, replicas: 1)
    try await harness.run()
    let uid = try #require(harness.object(AlibabaCloudNetworkTests.nlbs, "game-bgp-0")?.metadata.uid)
    try await harness.client.delete(.gameServerSets, NamespacedName("default", "game"))
    try await harness.run(.seconds(60))
    #expect(harness.store.count(.services) == 0)
    try await harness.deploy("AlibabaCloud-AutoNLBs-V2", parameters, replicas: 1)
    try await harness.run()
    #expect(harness.object(AlibabaCloudNetworkTests.nlbs, "game-bgp-0")?.metadata.uid == uid)
    #expect(harness.state("game-0") == .ready)
  }

  @Test("a pod is let go though its provider was switched off, or its parameters make no sense any more")
  func orphanedFinalizer() async throws {
    var configuration = ProviderConfiguration.shipped
    configuration.alibabaCloud.enable = false
    let harness = try await NetworkHarness(configuration)
    // The pods are from before: nobody reviews them.
    harness.server.setAdmission(nil)
    let conf =
      #"[{"name":"ZoneMaps","value":"v@a:b,c:d"},{"name":"PortProtocols","value":"80"},"#
      + #"{"name":"RetainNLBOnDelete","value":"false"}]"#
    for (name, conf) in [("old-0", conf), ("old-1", "no JSON")] {
      let pod: JSONValue = [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": [
          "name": .string(name), "finalizers": ["game.kruise.io/delete-nlb-on-gss-deleted"],
          "labels": ["game.kruise.io/owner-gss": "old"],
          "annotations": [
            "game.kruise.io/network-type": "AlibabaCloud-AutoNLBs-V2", "game.kruise.io/network-conf": .string(conf),
          ],
        ], "spec": ["containers": [["name": "game", "image": "game:1"]]],
      ]
      try await harness.client.create(.pods, namespace: "default", pod)
    }
    try await harness.run()
    try await harness.kill("old-0")
    try await harness.kill("old-1")
    try await harness.run()
    #expect(harness.pod("old-0") != nil)
    #expect(harness.pod("old-1") == nil)
    // The cloud's types are not there, so nobody knows whether something of the set is left; that is waited for, but not for ever.
    try await harness.run(.seconds(600))
    #expect(harness.pod("old-0") == nil)
  }
}
