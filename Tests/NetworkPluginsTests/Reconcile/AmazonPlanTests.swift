import JSON
import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("Plans of AmazonWebServices-NLB")
struct AmazonPlanTests {
  static let arn = "arn:aws:elasticloadbalancing:us-east-1:888888888888:loadbalancer/net/aaa/3b33"
  static let groupARN = "arn:aws:elasticloadbalancing:us-east-1:888888888888:targetgroup/g/1"
  static let parameters: KeyValuePairs = [
    "NlbARNs": Self.arn, "NlbVPCId": "vpc-1", "NlbHealthCheck": "healthCheckEnabled:true,healthyThresholdCount:3",
    "PortProtocols": "80", "Annotations": "x:y",
  ]
  static let labels: JSONValue = [
    "managed-by": "game.kruise.io", "statefulset.kubernetes.io/pod-name": "game-3",
  ]
  static let owner: JSONValue = [
    [
      "apiVersion": "v1", "kind": "Pod", "name": "game-3", "uid": "pod-1", "controller": true,
      "blockOwnerDeletion": true,
    ]
  ]

  /// Lets the cloud's controller say that the target groups of a plan are there.
  static func sync(_ bench: ReconcileBench, _ plan: NetworkPlan, _ condition: String = "ACK.ResourceSynced") {
    for write in plan.writes where write.draft.resource == AmazonWebServicesResources.targetGroups {
      var group = write.draft.value
      group["status"] = [
        "ackResourceMetadata": ["arn": .string(groupARN)],
        "conditions": [["type": "Other", "status": "False"], ["type": .string(condition), "status": "True"]],
      ]
      bench.add(write.draft.resource, group)
    }
  }

  static func write(_ plan: NetworkPlan, _ resource: Resource) -> JSONValue? {
    plan.writes.first { $0.draft.resource == resource }?.draft.value
  }

  @Test(
    "the host name of an ARN (vector 32)",
    arguments: [
      (Self.arn, "aaa-3b33.elb.us-east-1.amazonaws.com"), ("arn:aws:x", ""), ("", ""),
      ("arn:aws:elasticloadbalancing:us-east-1:8:loadbalancer/app/aaa/3b33", ""),
    ])
  func hostName(arn: String, host: String) { #expect(AmazonWebServicesKeys.hostName(of: arn) == host) }

  @Test("a target group and the Service first, the listener and the binding once the group has its id")
  func golden() throws {
    let bench = ReconcileBench()
    let pod = try bench.pod("AmazonWebServices-NLB", Self.parameters)
    let first = try bench.plan(pod)
    #expect(first.writes.map(\.draft.resource.kind) == ["TargetGroup", "Service"])
    #expect(first.status?.currentState == .notReady)
    var groupLabels = Self.labels
    groupLabels["aws-load-balancer-nlb-target-group-synced"] = "false"
    #expect(
      Self.write(first, AmazonWebServicesResources.targetGroups) == [
        "apiVersion": "elbv2.services.k8s.aws/v1alpha1", "kind": "TargetGroup",
        "metadata": [
          "name": "game-3-30001", "namespace": "ns", "labels": groupLabels,
          "annotations": [
            "service.beta.kubernetes.io/aws-load-balancer-nlb-arn": .string(Self.arn),
            "service.beta.kubernetes.io/aws-load-balancer-nlb-port": "30001",
            "game.kruise.io/network-config-hash": .string(
              StableHash.configuration("healthCheckEnabled:true,healthyThresholdCount:3")),
          ], "ownerReferences": Self.owner,
        ],
        "spec": [
          "name": "game-3-30001", "protocol": "TCP", "port": 80, "targetType": "ip", "vpcID": "vpc-1",
          "healthCheckEnabled": true, "healthyThresholdCount": 3,
          "tags": [["key": "managed-by", "value": "game.kruise.io"]],
        ],
      ])
    let service = try CloudServicePlanTests.service(first)
    #expect(service["metadata"]?["labels"] == Self.labels)
    #expect(
      service["metadata"]?["annotations"] == [
        "service.beta.kubernetes.io/aws-load-balancer-nlb-arn": .string(Self.arn), "x": "y",
      ])
    #expect(
      service["spec"] == [
        "type": "ClusterIP", "selector": ["statefulset.kubernetes.io/pod-name": "game-3"],
        "ports": [["name": "80", "port": 30001, "protocol": "TCP", "targetPort": 80]],
      ])
    bench.carryOut(first)
    #expect(try bench.plan(pod).writes.isEmpty)
    Self.sync(bench, first)
    let second = try bench.plan(pod)
    #expect(second.writes.map(\.draft.resource.kind) == ["Listener", "TargetGroupBinding"])
    #expect(second.status?.currentState == .notReady)
    #expect(
      Self.write(second, AmazonWebServicesResources.listeners)?["spec"] == [
        "protocol": "TCP", "port": 30001, "loadBalancerARN": .string(Self.arn),
        "defaultActions": [["type": "forward", "targetGroupARN": .string(Self.groupARN)]],
        "tags": [["key": "managed-by", "value": "game.kruise.io"]],
      ])
    #expect(
      Self.write(second, AmazonWebServicesResources.targetGroupBindings)?["spec"] == [
        "targetGroupARN": .string(Self.groupARN), "targetType": "ip", "serviceRef": ["name": "game-3", "port": 30001],
      ])
    bench.carryOut(second)
    let third = try bench.plan(pod)
    #expect(third.writes.count == 1)
    let mark = Self.write(third, AmazonWebServicesResources.targetGroups)?["metadata"]?["labels"]
    #expect(mark?["aws-load-balancer-nlb-target-group-synced"] == "true")
    #expect(third.status?.currentState == .ready)
    #expect(third.status?.externalAddresses.first?.endPoint == "aaa-3b33.elb.us-east-1.amazonaws.com")
    #expect(third.status?.externalAddresses.first?.ip.isEmpty == true)
  }

  @Test("waits for the condition that says that the group is synced, whatever other conditions say")
  func condition() throws {
    let bench = ReconcileBench()
    let pod = try bench.pod("AmazonWebServices-NLB", Self.parameters)
    let first = try bench.plan(pod)
    bench.carryOut(first)
    Self.sync(bench, first, "ACK.Adopted")
    #expect(try bench.plan(pod).writes.isEmpty)
  }

  /// A bench on which the pod's network is ready.
  static func ready(_ parameters: KeyValuePairs<String, String>) throws -> ReconcileBench {
    let bench = ReconcileBench()
    let pod = try bench.pod("AmazonWebServices-NLB", parameters)
    let first = try bench.plan(pod)
    bench.carryOut(first)
    sync(bench, first)
    bench.carryOut(try bench.plan(pod))
    #expect(try bench.plan(pod).status?.currentState == .ready)
    return bench
  }

  @Test("a disabled network loses its bindings and nothing else, and is not ready")
  func disabled() throws {
    let bench = try Self.ready(Self.parameters)
    let plan = try bench.plan(
      bench.pod("AmazonWebServices-NLB", Self.parameters, labels: ["game.kruise.io/network-disabled": "true"]))
    #expect(plan.removals.map(\.resource.kind) == ["TargetGroupBinding"])
    #expect(plan.status?.currentState == .notReady)
    #expect(plan.writes.allSatisfy { $0.draft.resource == AmazonWebServicesResources.targetGroups })
  }

  @Test("what the cloud never changes makes a new group, and nothing leads to the old one meanwhile")
  func immutable() throws {
    let bench = try Self.ready(Self.parameters)
    let plan = try bench.plan(
      bench.pod("AmazonWebServices-NLB", ["NlbARNs": Self.arn, "NlbVPCId": "vpc-2", "PortProtocols": "80/TCPUDP"]))
    #expect(plan.removals.map(\.resource.kind) == ["TargetGroupBinding", "Listener", "TargetGroup"])
    #expect(plan.writes.map(\.draft.resource) == [.services])
    #expect(plan.status?.currentState == .notReady)
  }

  @Test("a changed health check is written into the group that is there")
  func healthCheck() throws {
    let bench = try Self.ready(Self.parameters)
    let plan = try bench.plan(
      bench.pod(
        "AmazonWebServices-NLB",
        ["NlbARNs": Self.arn, "NlbVPCId": "vpc-1", "NlbHealthCheck": "healthyThresholdCount:5", "PortProtocols": "80"]))
    #expect(plan.removals.isEmpty)
    let spec = Self.write(plan, AmazonWebServicesResources.targetGroups)?["spec"]
    #expect(spec?["healthyThresholdCount"] == 5)
  }

  @Test("a port is let go of only when nothing listens on it any more")
  func shrinking() throws {
    let both: KeyValuePairs = ["NlbARNs": Self.arn, "PortProtocols": "80,90/UDP"]
    let bench = try Self.ready(both)
    let pod = try bench.pod("AmazonWebServices-NLB", ["NlbARNs": Self.arn, "PortProtocols": "90/UDP"])
    let plan = try bench.plan(pod)
    #expect(Set(plan.removals.map(\.key.name)) == ["game-3-30001"])
    #expect(plan.removals.count == 3)
    #expect(!plan.writes.contains { $0.draft.resource == .services })
    for removal in plan.removals { bench.store.remove(removal.resource, removal.key) }
    #expect(try CloudServicePlanTests.ports(bench.plan(pod)) == [30002])
  }

  @Test("names that the cloud refuses are shortened, and stay apart")
  func names() {
    #expect(AmazonWebServicesKeys.cloudName("game-3-30001") == "game-3-30001")
    let long = String(repeating: "a", count: 40)
    let names = [long + "-1-30001", long + "-1-30002", "a.b-1-30001", "a-b-1-30001"].map(
      AmazonWebServicesKeys.cloudName)
    #expect(Set(names).count == 4)
    #expect(names.allSatisfy { $0.count <= 32 && !$0.contains(".") })
  }

  @Test("no ports left is told in the words of the compatibility target")
  func exhausted() throws {
    let bench = ReconcileBench()
    let list = (1...51).map(String.init).joined(separator: ",")
    do {
      _ = try bench.plan(bench.pod("AmazonWebServices-NLB", ["NlbARNs": Self.arn, "PortProtocols": list]))
      Issue.record("there are 50")
    } catch let error as PluginError {
      #expect(error.code == .apiCall)
      #expect(error.message == "no NLB has 51 enough available ports for ns/game-3")
    }
  }
}
