import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("The layout of load balancers by the number of the pod")
struct AutoNLBsLayoutTests {
  func layout(_ min: Int, _ max: Int, _ ports: String, block: String = "") throws -> AutoNLBsLayout {
    try AutoNLBsLayout([
      NetworkParameter("PortProtocols", ports), NetworkParameter("MinPort", String(min)),
      NetworkParameter("MaxPort", String(max)), NetworkParameter("BlockPorts", block),
    ])
  }

  @Test("counts the load balancers")
  func counts() throws {
    #expect(try layout(1000, 2500, "80,81").loadBalancerCount(highest: 1499, reserve: 2) == 4)
    #expect(try layout(1000, 1005, "80,81,82").loadBalancerCount(highest: 1, reserve: 2) == 3)
    let half = try layout(1000, 1249, "80")
    #expect(half.podsPerLoadBalancer == 250)
    #expect([0, 249, 250, 499, 500].map { half.loadBalancerCount(highest: $0, reserve: 0) } == [1, 1, 2, 2, 3])
  }

  @Test("leaves what does not make up a whole pod unused")
  func remainder() throws {
    let layout = try layout(1000, 1004, "80,81,82")
    #expect(layout.podsPerLoadBalancer == 1)
    #expect(layout.loadBalancer(of: 1) == 1)
    #expect(Array(layout.ports(of: 1)) == [1000, 1001, 1002])
  }

  @Test("counts what block ports leave over")
  func blocked() throws {
    #expect(try layout(1000, 1499, "80,81", block: "1001,1002,1003").podsPerLoadBalancer == 248)
    let skipping = try layout(1000, 1004, "80/TCPUDP", block: "1002")
    #expect((12...15).map { Array(skipping.ports(of: $0)) } == [[1000], [1001], [1003], [1004]])
    #expect((12...15).map(skipping.loadBalancer) == [3, 3, 3, 3])
    // The lowest port may be blocked too, and no two pods share a port.
    let first = try layout(1000, 1006, "80,81", block: "1000,1003")
    #expect((0..<2).map { Array(first.ports(of: $0)) } == [[1001, 1002], [1004, 1005]])
  }

  @Test("gives pods their ports in a row")
  func rows() throws {
    let layout = try layout(10000, 10999, "80,81")
    #expect([0, 1, 500].map(layout.loadBalancer) == [0, 0, 1])
    #expect([0, 1, 500].map { Array(layout.ports(of: $0)) } == [[10000, 10001], [10002, 10003], [10000, 10001]])
  }

  @Test("has one line by default, and names lines as objects may be named")
  func lines() throws {
    #expect(try layout(1, 2, "80").lines == ["BGP"])
    #expect(AutoNLBsLayout.name(of: "BGP_PRO") == "bgp-pro")
  }
}
