import JSON
import Kubernetes
import NetworkPlugins
import SimulatedCluster
import Testing

@testable import Controllers

@Suite("The networks of Amazon Web Services in a simulated cluster")
struct AmazonNetworkTests {
  static let groups = Resource(
    group: "elbv2.services.k8s.aws", version: "v1alpha1", plural: "targetgroups", kind: "TargetGroup")
  static let listeners = Resource(
    group: "elbv2.services.k8s.aws", version: "v1alpha1", plural: "listeners", kind: "Listener")
  static let bindings = Resource(
    group: "elbv2.k8s.aws", version: "v1beta1", plural: "targetgroupbindings", kind: "TargetGroupBinding")
  static let arn = "arn:aws:elasticloadbalancing:us-east-1:888888888888:loadbalancer/net/aaa/3b33"
  static let parameters: KeyValuePairs = ["NlbARNs": Self.arn, "NlbVPCId": "vpc-1", "PortProtocols": "80"]

  /// A cluster with ACK and the load balancer controller, which hold what they made for a while.
  static func harness(_ usual: LoadBalancerAnswer = .after(.seconds(2))) async throws -> NetworkHarness {
    try await NetworkHarness { client, store in
      [groups, listeners].flatMap { resource -> [any SimulatedController] in
        [
          CloudObjectSimulator(resource, client: client, cluster: store, usual: usual) { object in
            [
              "ackResourceMetadata": ["arn": .string("arn:\(resource.plural)/\(object.name)/\(object.metadata.uid)")],
              "conditions": [["type": "ACK.ResourceSynced", "status": "True"]],
            ]
          },
          CloudHoldSimulator(
            resource, finalizer: "finalizers.elbv2.services.k8s.aws/\(resource.kind)", client: client, cluster: store),
        ]
      } + [CloudHoldSimulator(bindings, finalizer: "elbv2.k8s.aws/resources", client: client, cluster: store)]
    }
  }

  @Test("is created, cut off by its bindings, restored, and grows and shrinks in place")
  func life() async throws {
    let harness = try await Self.harness()
    try await harness.deploy("AmazonWebServices-NLB", Self.parameters)
    try await harness.run(.seconds(1))
    #expect(harness.state("game-0") == .notReady)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    #expect(harness.status("game-0")?.externalAddresses.first?.endPoint == "aaa-3b33.elb.us-east-1.amazonaws.com")
    let group = try #require(harness.object(Self.groups, "game-0-30001"))
    #expect(group.metadata.labels["aws-load-balancer-nlb-target-group-synced"] == "true")
    let id = try #require(group.json["status"]?["ackResourceMetadata"]?["arn"]?.string)
    #expect(harness.object(Self.bindings, "game-0-30001")?.json["spec"]?["targetGroupARN"]?.string == id)
    try await harness.setDisabled("game-0", true)
    try await harness.run()
    #expect(harness.object(Self.bindings, "game-0-30001") == nil)
    #expect(harness.object(Self.bindings, "game-1-30002") != nil)
    #expect(harness.object(Self.listeners, "game-0-30001") != nil)
    #expect(harness.state("game-0") == .notReady)
    harness.replaceManager()
    try await harness.setDisabled("game-0", false)
    try await harness.run()
    #expect(harness.state("game-0") == .ready)
    try await harness.configure(["NlbARNs": Self.arn, "NlbVPCId": "vpc-1", "PortProtocols": "80,90/UDP"])
    try await harness.run(.seconds(60))
    #expect(harness.ports("game-0").first == 30001)
    #expect(harness.ports("game-0").count == 2)
    #expect(harness.state("game-0") == .ready)
    #expect(harness.store.count(Self.bindings) == 4)
    try await harness.configure(["NlbARNs": Self.arn, "NlbVPCId": "vpc-1", "PortProtocols": "90/UDP"])
    try await harness.run(.seconds(60))
    #expect(harness.object(Self.groups, "game-0-30001") == nil)
    #expect(harness.store.count(Self.groups) == 2)
    #expect(!harness.ports("game-0").contains(30001))
    #expect(harness.state("game-0") == .ready)
    let writes = harness.manager.writer.count
    try await harness.run(.seconds(300))
    #expect(harness.manager.writer.count == writes)
  }

  @Test("a health check that is taken out of the parameters leaves the group, and what the cloud filled in stays")
  func withoutHealthCheck() async throws {
    let harness = try await Self.harness()
    let check = "healthCheckPath:/h,healthyThresholdCount:3"
    try await harness.deploy(
      "AmazonWebServices-NLB", ["NlbARNs": Self.arn, "NlbHealthCheck": check, "PortProtocols": "80"], replicas: 1)
    try await harness.run()
    try await harness.patch(Self.groups, "game-0-30001", ["spec": ["healthCheckTimeoutSeconds": 6]])
    let group = try #require(harness.object(Self.groups, "game-0-30001"))
    #expect(group.json["spec"]?["healthCheckPath"]?.string == "/h")
    try await harness.configure(["NlbARNs": Self.arn, "PortProtocols": "80"])
    try await harness.run()
    let spec = harness.object(Self.groups, "game-0-30001")?.json["spec"]
    #expect(spec?["healthCheckPath"] == nil)
    #expect(spec?["healthyThresholdCount"] == nil)
    #expect(spec?["healthCheckTimeoutSeconds"]?.int == 6)
    #expect(harness.object(Self.groups, "game-0-30001")?.metadata.uid == group.metadata.uid)
    #expect(harness.state("game-0") == .ready)
  }

  @Test("TCP and UDP on one port become two listeners, and stay as they are")
  func splitProtocols() async throws {
    let harness = try await Self.harness()
    try await harness.deploy("AmazonWebServices-NLB", ["NlbARNs": Self.arn, "PortProtocols": "80/TCPUDP"], replicas: 1)
    try await harness.run()
    try await harness.configure(["NlbARNs": Self.arn, "PortProtocols": "80/TCP,80/UDP"])
    try await harness.run(.seconds(60))
    #expect(harness.ports("game-0") == [30001, 30002])
    #expect(harness.state("game-0") == .ready)
    let protocols = ["game-0-30001", "game-0-30002"].map {
      harness.object(Self.groups, $0)?.json["spec"]?["protocol"]?.string
    }
    #expect(protocols == ["TCP", "UDP"])
    let writes = harness.manager.writer.count
    try await harness.run(.seconds(300))
    #expect(harness.manager.writer.count == writes)
  }

  @Test("a group whose fixed fields change is replaced, and only that")
  func replacement() async throws {
    let harness = try await Self.harness()
    try await harness.deploy("AmazonWebServices-NLB", Self.parameters, replicas: 1)
    try await harness.run()
    let group = try #require(harness.object(Self.groups, "game-0-30001")?.metadata.uid)
    let service = harness.service("game-0")?.metadata.uid
    try await harness.configure(["NlbARNs": Self.arn, "NlbVPCId": "vpc-2", "PortProtocols": "80/TCPUDP"])
    try await harness.run(.seconds(60))
    let next = try #require(harness.object(Self.groups, "game-0-30001"))
    #expect(next.metadata.uid != group)
    #expect(next.json["spec"]?["protocol"]?.string == "TCP_UDP")
    #expect(harness.service("game-0")?.metadata.uid == service)
    #expect(harness.ports("game-0") == [30001, 30001])
    #expect(harness.state("game-0") == .ready)
  }

  @Test("waits for what is left of an older pod of the name, and leaves nothing behind")
  func recreation() async throws {
    let harness = try await Self.harness()
    try await harness.deploy("AmazonWebServices-NLB", Self.parameters)
    try await harness.run()
    let old = try #require(harness.object(Self.listeners, "game-0-30001")?.metadata.uid)
    try await harness.kill("game-0")
    try await harness.run(.seconds(2))
    #expect(harness.object(Self.listeners, "game-0-30001")?.metadata.uid == old)
    #expect(harness.state("game-0") != .ready)
    harness.replaceManager()
    try await harness.run(.seconds(60))
    #expect(harness.object(Self.listeners, "game-0-30001").map { $0.metadata.uid != old } == true)
    #expect(harness.state("game-0") == .ready)
    try await harness.client.delete(.gameServerSets, NamespacedName("default", "game"))
    try await harness.run(.seconds(60))
    for resource in [Resource.services, Self.groups, Self.listeners, Self.bindings] {
      #expect(harness.store.count(resource) == 0, "\(resource)")
    }
  }

  @Test("leaves a network as it is until the cloud's objects are known")
  func unknown() async throws {
    let harness = try await Self.harness()
    try await harness.deploy("AmazonWebServices-NLB", Self.parameters, replicas: 1)
    try await harness.run()
    let store = ObjectStore()
    store.replace(.services, with: harness.store.objects(.services, .all(namespace: nil)))
    store.replace(.pods, with: harness.store.objects(.pods, .all(namespace: nil)))
    let plugins = harness.manager.plugins
    let ports = LoadBalancerPorts(plugins.portSpaces)
    ports.observe(store)
    let writer = harness.manager.writer
    let writes = writer.count
    let outcome = await NetworkReconciler(
      cluster: store, writer: writer, events: harness.events, plugins: plugins, ports: ports
    ).reconcile(NamespacedName("default", "game-0"))
    guard case .after = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(writer.count == writes)
  }

  @Test("is not ready as long as the cloud refuses, and Fixed keeps everything for the next pod of the name")
  func refusal() async throws {
    let refusing = try await Self.harness(.refusal)
    try await refusing.deploy("AmazonWebServices-NLB", Self.parameters, replicas: 1)
    try await refusing.run(.seconds(60))
    #expect(refusing.state("game-0") == .notReady)
    #expect(refusing.store.count(Self.listeners) == 0)
    let harness = try await Self.harness()
    try await harness.deploy(
      "AmazonWebServices-NLB", ["NlbARNs": Self.arn, "PortProtocols": "80", "Fixed": "true"], replicas: 1)
    try await harness.run()
    let listener = try #require(harness.object(Self.listeners, "game-0-30001")?.metadata.uid)
    try await harness.kill("game-0")
    try await harness.run()
    #expect(harness.object(Self.listeners, "game-0-30001")?.metadata.uid == listener)
    #expect(harness.state("game-0") == .ready)
  }
}
