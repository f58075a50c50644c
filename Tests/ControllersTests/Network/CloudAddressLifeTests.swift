import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Synchronization
import Testing

@testable import Controllers

/// A plugin whose cloud answers with annotations on the pod.
struct AddressCase: Sendable, CustomTestStringConvertible {
  let type: String
  let parameters: KeyValuePairs<String, String>
  /// What the cloud writes on a pod that asks.
  let answer: @Sendable (KubernetesObject) -> JSONObject?

  var testDescription: String { type }

  static let all = [
    AddressCase(type: "Volcengine-EIP", parameters: ["bandwidth": "5"]) { pod in
      guard pod.metadata.annotations.contains("vke.volcengine.com/primary-eip-allocate") else { return nil }
      return ["vke.volcengine.com/allocated-eips": #"[{"EipId":"e","EipAddress":"47.0.0.9","EniIp":"10.0.0.9"}]"#]
    },
    AddressCase(type: "HwCloud-CCE-EIP", parameters: ["yangtse.io/pod-with-eip": "true"]) { pod in
      guard pod.metadata.annotations.has("yangtse.io/pod-with-eip", "true") else { return nil }
      return ["yangtse.io/allocated-ipv4-eip": "47.0.0.9"]
    },
    AddressCase(type: "JdCloud-EIP", parameters: ["Bandwidth": "5"]) { pod in
      guard pod.metadata.annotations.has("jdos.jd.com/eip.enable", "true") else { return nil }
      return ["jdos.jd.com/eip.id": "eip-1", "jdos.jd.com/eip.ip": "47.0.0.9"]
    },
  ]
}

@Suite("The life of a network that a cloud writes on the pod")
struct CloudAddressLifeTests {
  static let key = NamespacedName("default", "game-0")

  /// A harness with a cloud that can be told what to do.
  static func harness(
    _ answer: @escaping @Sendable (KubernetesObject) -> JSONObject?
  ) async throws -> (NetworkHarness, CloudAnnotationSimulator) {
    let made = Mutex<CloudAnnotationSimulator?>(nil)
    let harness = try await NetworkHarness { client, store in
      let cloud = CloudAnnotationSimulator(.pods, client: client, cluster: store, answer: answer)
      made.withLock { $0 = cloud }
      return [cloud]
    }
    return (harness, try #require(made.withLock { $0 }))
  }

  @Test(
    "waits for the cloud, is ready, and lives on through re-creation and another replica", arguments: AddressCase.all)
  func life(_ cloud: AddressCase) async throws {
    let (harness, simulator) = try await Self.harness(cloud.answer)
    simulator.script(Self.key, .refusal)
    try await harness.deploy(cloud.type, cloud.parameters)
    try await harness.run()
    #expect(harness.state("game-0") == .waiting)
    #expect(harness.state("game-1") == .ready)
    simulator.script(Self.key, .after(.seconds(60)))
    try await harness.run(.seconds(10))
    #expect(harness.state("game-0") == .waiting)
    try await harness.run(.seconds(60))
    #expect(harness.state("game-0") == .ready)
    #expect(harness.status("game-0")?.externalAddresses.map(\.ip) == ["47.0.0.9"])
    #expect(harness.status("game-0")?.internalAddresses.first?.ip.isEmpty == false)
    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    simulator.script(Self.key, .after(.seconds(20)))
    try await harness.kill("game-0")
    try await harness.run(.seconds(10))
    #expect(harness.state("game-0") == .waiting)
    harness.replaceManager()
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    let writes = harness.manager.writer.count
    try await harness.run(.seconds(300))
    #expect(harness.manager.writer.count == writes)
    #expect(harness.store.count(.services) == 0)
  }

  /// Tencent Cloud's controller: gives each line of the mapping a port, and takes them back while the mapping is off.
  @Sendable static func tencent(_ pod: KubernetesObject) -> JSONObject? {
    let key = "networking.cloud.tencent.com/"
    guard let mapping = pod.metadata.annotations[key + "clb-port-mapping"] else { return nil }
    guard pod.metadata.annotations.has(key + "enable-clb-port-mapping", "true") else {
      return [key + "clb-port-mapping-status": .null, key + "clb-port-mapping-result": .null]
    }
    let entries = mapping.split(separator: "\n").enumerated().map { place, line -> JSONValue in
      let words = line.split(separator: " ").map(String.init)
      return [
        "port": .int(Int(words[0]) ?? 0), "protocol": .string(words[1]), "address": .string("47.0.0.9:\(700 + place)"),
      ]
    }
    return [
      key + "clb-port-mapping-status": "Ready", key + "clb-port-mapping-result": .string(JSONValue.array(entries).text),
    ]
  }

  @Test("TencentCloud-CLB: asks, is ready, is cut off and restored, and follows its parameters")
  func tencentLife() async throws {
    let (harness, simulator) = try await Self.harness(Self.tencent)
    simulator.script(Self.key, .refusal)
    try await harness.deploy("TencentCloud-CLB", ["PortProtocols": "80,90/UDP"])
    try await harness.run()
    #expect(harness.state("game-0") == .waiting)
    #expect(harness.state("game-1") == .ready)
    simulator.script(Self.key, .after(.seconds(2)))
    try await harness.run()
    let outside = try #require(harness.status("game-0")?.externalAddresses)
    #expect(
      outside.map { "\($0.ip) \($0.ports[0].name) \($0.ports[0].proto)" } == ["47.0.0.9 80 TCP", "47.0.0.9 90 UDP"])
    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.state("game-0") == .notReady)
    harness.replaceManager()
    try await harness.setDisabled("game-0", false)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    try await harness.configure(["PortProtocols": "80"])
    try await harness.run(.seconds(60))
    #expect(harness.status("game-0")?.externalAddresses.count == 1)
    let uid = harness.pod("game-0")?.metadata.uid
    try await harness.kill("game-0")
    try await harness.run()
    #expect(harness.pod("game-0").map { $0.metadata.uid != uid } == true)
    #expect(harness.state("game-0") == .ready)
  }
}
