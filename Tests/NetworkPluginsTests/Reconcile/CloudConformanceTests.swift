import JSON
import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("Conformance vectors and better behaviour of the clouds' plugins")
struct CloudConformanceTests {
  /// Allocates for a pod as the controller does, with a plugin of its own range.
  static func take(
    _ plugin: any NetworkPlugin, _ ports: LoadBalancerPorts, _ bench: ReconcileBench, _ name: String,
    _ parameters: KeyValuePairs<String, String>
  ) throws -> PortHolding {
    let context = try bench.context(bench.pod(plugin.name, parameters, name: name, uid: name))
    let demand = try #require(try plugin.demand(context))
    return try ports.allocate(demand, for: PortHolder(context.pod.key), at: context.now).holding
  }

  @Test("vector 20: AlibabaCloud-SLB-SharedPort refuses the pod after 200, in the words of the compatibility target")
  func seats() throws {
    let bench = ReconcileBench()
    let plugin = AlibabaCloudSLBSharedPort()
    let ports = LoadBalancerPorts([try #require(plugin.portSpace)])
    let parameters: KeyValuePairs = ["SlbIds": "lb-1", "PortProtocols": "80"]
    for number in 0..<200 { _ = try Self.take(plugin, ports, bench, "game-\(number)", parameters) }
    let error = #expect(throws: PluginError.self) { try Self.take(plugin, ports, bench, "game-200", parameters) }
    #expect(error?.message == "the number of backends supported by slb reaches the upper limit")
    #expect(ports.report.map(\.held) == [200])
  }

  @Test("vector 33: AmazonWebServices-NLB finds the ports of both ARNs again after a restart")
  func amazonRebuild() throws {
    let bench = ReconcileBench()
    let arns = ["1", "2"].map { "arn:aws:elasticloadbalancing:us-east-1:8:loadbalancer/net/aaa/\($0)" }
    for (name, arn, list) in [("game-0", arns[0], [(80, 988)]), ("game-1", arns[1], [(80, 951), (81, 999)])] {
      bench.add(
        .services,
        [
          "metadata": [
            "namespace": "ns", "name": .string(name), "labels": ["managed-by": "game.kruise.io"],
            "annotations": ["service.beta.kubernetes.io/aws-load-balancer-nlb-arn": .string(arn)],
          ],
          "spec": [
            "type": "ClusterIP", "selector": ["statefulset.kubernetes.io/pod-name": .string(name)],
            "ports": .array(
              list.map { ["port": .int($0.1), "targetPort": .int($0.0), "protocol": "TCP"] as JSONValue }),
          ],
        ])
    }
    let plugin = AmazonWebServicesNLB(PortRange(951, 1000))
    let ports = LoadBalancerPorts([try #require(plugin.portSpace)])
    ports.observe(bench.store)
    #expect(ports.report.map { "\($0.loadBalancer) \($0.held)" } == ["\(arns[0]) 1", "\(arns[1]) 2"])
    let parameters: KeyValuePairs = ["NlbARNs": arns[0], "PortProtocols": "80,81"]
    let again = try Self.take(plugin, ports, bench, "game-1", parameters)
    #expect(again.loadBalancers == [arns[1]])
    #expect([80, 81].map { again.port(for: ProtocolPort($0, .tcp)) } == [951, 999])
    #expect(try Self.take(plugin, ports, bench, "game-0", parameters).port(for: ProtocolPort(80, .tcp)) == 988)
  }

  @Test("vector 34: Volcengine-CLB lets scattered pods take turns")
  func volcengineScatter() throws {
    let bench = ReconcileBench()
    let plugin = VolcengineCLB(PortRange(550, 600))
    let ports = LoadBalancerPorts([try #require(plugin.portSpace)])
    let ids = try (0..<4).flatMap { number in
      try Self.take(
        plugin, ports, bench, "game-\(number)", ["ClbIds": "1,2", "PortProtocols": "80", "EnableClbScatter": "true"]
      ).loadBalancers
    }
    #expect(ids == ["1", "2", "1", "2"])
  }

  @Test("vector 35: Volcengine-CLB gives nothing where more ports are wanted than there are")
  func volcengineExhausted() throws {
    let bench = ReconcileBench()
    let plugin = VolcengineCLB(PortRange(500, 505))
    let ports = LoadBalancerPorts([try #require(plugin.portSpace)])
    _ = try Self.take(plugin, ports, bench, "game-0", ["ClbIds": "1", "PortProtocols": "80"])
    let list = (1...10).map(String.init).joined(separator: ",")
    let error = #expect(throws: PluginError.self) {
      try Self.take(plugin, ports, bench, "game-1", ["ClbIds": "1", "PortProtocols": list])
    }
    #expect(error?.code == .internal)
    #expect(error?.message == "unable to find load balancer with 10 available ports")
    #expect(ports.report.map(\.held) == [1])
  }

  @Test("AmazonWebServices-NLB: objects of a pod of the same name in another namespace are left alone")
  func amazonNamespaces() throws {
    let bench = try AmazonPlanTests.ready(AmazonPlanTests.parameters)
    for resource in AmazonWebServicesNLB(PortRange(1, 50)).cloudResources {
      let own = try #require(bench.store.object(resource, NamespacedName("ns", "game-3-30001")))
      var foreign = JSONValue(own.json)
      foreign["metadata"]?["namespace"] = "other"
      foreign["metadata"]?["name"] = "game-3-30009"
      bench.add(resource, foreign)
    }
    let type = "AmazonWebServices-NLB"
    #expect(try bench.plan(bench.pod(type, AmazonPlanTests.parameters)).removals.isEmpty)
    let cut = try bench.plan(
      bench.pod(type, AmazonPlanTests.parameters, labels: ["game.kruise.io/network-disabled": "true"]))
    #expect(cut.removals.map(\.key) == [NamespacedName("ns", "game-3-30001")])
  }

  @Test("Volcengine-EIP: containers that may be not ready are no attribute of an address")
  func volcengineAttributes() throws {
    let bench = AdmissionBench()
    let outcome = try bench.admit(
      bench.pod("Volcengine-EIP", ["bandwidth": "5", "AllowNotReadyContainers": "side"]), isStrict: false)
    #expect(
      outcome.pod.metadata.annotations["vke.volcengine.com/primary-eip-attributes"] == #"{"bandwidth":5}"#)
  }

  @Test(
    "vector 39: HwCloud-CCE-ELB makes nothing of both ways to a load balancer, in either order, nor of none",
    arguments: [
      [("kubernetes.io/elb.id", "a"), ("kubernetes.io/elb.autocreate", "{}")],
      [("kubernetes.io/elb.autocreate", "{}"), ("kubernetes.io/elb.id", "a")], [],
    ])
  func waysToALoadBalancer(ways: [(String, String)]) throws {
    let bench = ReconcileBench()
    let context = try bench.context(bench.pod("HwCloud-CCE-ELB", ["PortProtocols": "80"]))
    let network = PodNetwork(
      type: context.network.type, parameters: context.parameters + ways.map { NetworkParameter($0.0, $0.1) })
    let plugin = HwCloudCCEELB(PortRange(500, 600))
    let stored = NetworkContext(pod: context.pod, network: network, now: context.now, cluster: bench.store)
    for attempt in [{ _ = try plugin.demand(stored) }, { _ = try plugin.plan(stored) }] as [() throws -> Void] {
      let error = #expect(throws: PluginError.self) { try attempt() }
      #expect(error?.code == .parameter)
      #expect(error?.parameter == "kubernetes.io/elb.id")
    }
  }

  @Test("JdCloud-NLB: without a load balancer nothing is made")
  func jdCloudWithoutLoadBalancer() throws {
    let bench = ReconcileBench()
    let error = #expect(throws: PluginError.self) {
      try bench.plan(bench.pod("JdCloud-NLB", ["NlbIds": ",", "PortProtocols": "80"]))
    }
    #expect(error?.code == .parameter)
    #expect(bench.ports.report.isEmpty)
  }
}
