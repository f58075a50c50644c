import JSON
import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("What clouds answer on pods")
struct CloudAnswerTests {
  static func status(
    _ type: String, _ parameters: KeyValuePairs<String, String>, _ annotations: JSONObject,
    labels: JSONObject = JSONObject(), ip: String = "10.0.0.3"
  ) throws -> NetworkStatus {
    let bench = ReconcileBench()
    return try #require(
      try bench.plan(bench.pod(type, parameters, labels: labels, ip: ip, annotations: annotations)).status)
  }

  static let allocated = "vke.volcengine.com/allocated-eips"

  @Test(
    "Volcengine-EIP: the address inside, by the key of its siblings, the compatibility target's, or the pod's own",
    arguments: [
      (#""EniIp":"10.1.1.1","niIp":"10.2.2.2""#, "10.1.1.1"), (#""EniIp":"","niIp":"10.2.2.2""#, "10.2.2.2"),
      (#""niIp":"10.2.2.2""#, "10.2.2.2"), (#""EniId":"eni-1""#, "10.0.0.3"),
    ])
  func volcengine(fields: String, inside: String) throws {
    let status = try Self.status(
      "Volcengine-EIP", [:], [Self.allocated: .string(#"[{"EipId":"e","EipAddress":"1.2.3.4",\#(fields)}]"#)])
    #expect(status.currentState == .ready)
    #expect(status.externalAddresses == [NetworkStatus.Address(ip: "1.2.3.4")])
    #expect(status.internalAddresses == [NetworkStatus.Address(ip: inside)])
  }

  @Test("Volcengine-EIP: an empty list is no address yet, and what is no list is an error")
  func volcengineWithout() throws {
    #expect(try Self.status("Volcengine-EIP", [:], [:]).currentState == .waiting)
    #expect(try Self.status("Volcengine-EIP", [:], [Self.allocated: "[]"]).currentState == .waiting)
    do {
      _ = try Self.status("Volcengine-EIP", [:], [Self.allocated: "{"])
      Issue.record("that is no list")
    } catch let error as PluginError {
      #expect(error.code == .parameter)
    }
  }

  @Test("HwCloud-CCE-EIP: waits for the address, and shows it")
  func cce() throws {
    let key = "yangtse.io/allocated-ipv4-eip"
    #expect(try Self.status("HwCloud-CCE-EIP", [:], [:]).currentState == .waiting)
    #expect(try Self.status("HwCloud-CCE-EIP", [:], [key: ""]).currentState == .waiting)
    #expect(try Self.status("HwCloud-CCE-EIP", [:], [key: "1.2.3.4"], ip: "").currentState == .waiting)
    let status = try Self.status("HwCloud-CCE-EIP", [:], [key: "1.2.3.4"])
    #expect(status.currentState == .ready)
    #expect(status.externalAddresses == [NetworkStatus.Address(ip: "1.2.3.4")])
    #expect(status.internalAddresses == [NetworkStatus.Address(ip: "10.0.0.3")])
  }

  @Test("JdCloud-EIP: needs the id and the address, and its own mark")
  func jdCloud() throws {
    let mark: JSONObject = ["jdos.jd.com/eip.enable": "true"]
    #expect(try Self.status("JdCloud-EIP", [:], mark).currentState == .waiting)
    var half = mark
    half["jdos.jd.com/eip.ip"] = "1.2.3.4"
    #expect(try Self.status("JdCloud-EIP", [:], half).currentState == .waiting)
    half["jdos.jd.com/eip.id"] = "eip-1"
    let status = try Self.status("JdCloud-EIP", [:], half)
    #expect(status.currentState == .ready)
    #expect(status.externalAddresses == [NetworkStatus.Address(ip: "1.2.3.4")])
    do {
      _ = try Self.status("JdCloud-EIP", [:], [:])
      Issue.record("the pod is not marked")
    } catch let error as PluginError {
      #expect(error.code == .internal)
      #expect(error.message == "eip plugin is not enabled")
    }
  }

  static let tencent = "networking.cloud.tencent.com/"
  static let ports: KeyValuePairs = ["PortProtocols": "81/UDP,82,83/TCP", "ClbIds": "ignored"]

  @Test(
    "TencentCloud-CLB: asks for each port in its order, from the pool of the set (vector 37)", arguments: [true, false])
  func tencentAsks(isDisabled: Bool) throws {
    let bench = ReconcileBench()
    let labels: JSONObject = isDisabled ? ["game.kruise.io/network-disabled": "true"] : [:]
    let plan = try bench.plan(bench.pod("TencentCloud-CLB", Self.ports, labels: labels))
    #expect(plan.annotations[Self.tencent + "clb-port-mapping"] == "81 UDP ns-game\n82 TCP ns-game\n83 TCP ns-game\n")
    #expect(plan.annotations[Self.tencent + "enable-clb-port-mapping"] == (isDisabled ? "false" : "true"))
    #expect(plan.writes.isEmpty)
    #expect(plan.status?.currentState == (isDisabled ? .notReady : .waiting))
    bench.store.remove(.gameServerSets, NamespacedName("ns", "game"))
    let orphan = try bench.plan(bench.pod("TencentCloud-CLB", ["PortProtocols": "80/TCPUDP"]))
    #expect(orphan.annotations[Self.tencent + "clb-port-mapping"] == "80 TCPUDP ns-\n")
  }

  static func result(_ address: String, status: String = "Ready") -> JSONObject {
    [
      tencent + "clb-port-mapping-status": .string(status),
      tencent + "clb-port-mapping-result": .string(#"[{"port":80,"protocol":"TCP","address":"\#(address)"}]"#),
    ]
  }

  @Test(
    "TencentCloud-CLB: the address is split at its last colon",
    arguments: [
      ("1.2.3.4:1002", "1.2.3.4"), ("[2001:db8::1]:1002", "2001:db8::1"), ("2001:db8::1:1002", "2001:db8::1"),
      ("lb.example:1002", "lb.example"),
    ])
  func tencentAddress(address: String, host: String) throws {
    let status = try Self.status("TencentCloud-CLB", Self.ports, Self.result(address))
    #expect(status.currentState == .ready)
    let port = NetworkStatus.Port(name: "80", proto: "TCP", port: .int(1002))
    #expect(status.externalAddresses == [NetworkStatus.Address(ip: host, ports: [port])])
    #expect(status.internalAddresses[0].ip == "10.0.0.3")
    #expect(status.internalAddresses[0].ports[0].port == .int(80))
  }

  @Test("TencentCloud-CLB: is not ready while disabled, while the mapping is not, or without an address")
  func tencentNotReady() throws {
    let disabled: JSONObject = ["game.kruise.io/network-disabled": "true"]
    let good = Self.result("1.2.3.4:1002")
    #expect(try Self.status("TencentCloud-CLB", Self.ports, good, labels: disabled).currentState == .notReady)
    for annotations in [Self.result("1.2.3.4:1002", status: "Pending"), Self.result("1.2.3.4"), Self.result(":80")] {
      #expect(try Self.status("TencentCloud-CLB", Self.ports, annotations).currentState == .notReady)
    }
    #expect(try Self.status("TencentCloud-CLB", Self.ports, good, ip: "").currentState == .notReady)
    var broken = good
    broken[Self.tencent + "clb-port-mapping-result"] = "x"
    #expect(throws: PluginError.self) { try Self.status("TencentCloud-CLB", Self.ports, broken) }
  }
}
