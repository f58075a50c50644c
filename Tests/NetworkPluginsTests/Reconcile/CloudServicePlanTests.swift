import JSON
import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("Plans of Volcengine, Huawei Cloud and JD Cloud with a Service")
struct CloudServicePlanTests {
  /// The Service that a plan writes, without its hash.
  static func service(_ plan: NetworkPlan) throws -> JSONValue {
    var service = try #require(plan.writes.first { $0.draft.resource == .services }).draft.value
    let hash = service["metadata"]?["annotations"]?["game.kruise.io/network-config-hash"]?.string ?? ""
    #expect(UInt32(hash) != nil)
    service["metadata"]?["annotations"]?["game.kruise.io/network-config-hash"] = nil
    return service
  }

  static func ports(_ plan: NetworkPlan) throws -> [Int] {
    try #require(try service(plan)["spec"]?["ports"]?.array).compactMap { $0["port"]?.int }
  }

  @Test("Volcengine-CLB: the whole Service, field by field")
  func volcengine() throws {
    let bench = ReconcileBench()
    let plan = try bench.plan(
      bench.pod(
        "Volcengine-CLB",
        [
          "ClbIds": "clb-1", "PortProtocols": "80/TCPUDP", "AllocateLoadBalancerNodePorts": "false",
          "Annotations": "a: b:c,service.beta.kubernetes.io/volcengine-loadbalancer-id:mine",
        ]))
    let prefix = "service.beta.kubernetes.io/volcengine-loadbalancer-"
    #expect(
      try Self.service(plan) == [
        "apiVersion": "v1", "kind": "Service",
        "metadata": [
          "name": "game-3", "namespace": "ns",
          "annotations": [
            prefix + "scheduler": "wrr", prefix + "address-type": "PUBLIC", prefix + "id": "clb-1", "a": "b:c",
          ],
          "ownerReferences": [
            [
              "apiVersion": "v1", "kind": "Pod", "name": "game-3", "uid": "pod-1", "controller": true,
              "blockOwnerDeletion": true,
            ]
          ],
        ],
        "spec": [
          "type": "LoadBalancer", "allocateLoadBalancerNodePorts": false,
          "selector": ["statefulset.kubernetes.io/pod-name": "game-3"],
          "ports": [
            ["name": "80-tcp", "port": 550, "protocol": "TCP", "targetPort": 80],
            ["name": "80-udp", "port": 550, "protocol": "UDP", "targetPort": 80],
          ],
        ],
      ])
  }

  @Test("Volcengine-CLB: every address where all are wanted, outer loop over the addresses", arguments: [true, false])
  func multiIngress(isWanted: Bool) throws {
    let bench = ReconcileBench()
    let pod = try bench.pod(
      "Volcengine-CLB",
      ["ClbIds": "clb-1", "PortProtocols": "80,90", "EnableMultiIngress": isWanted ? "true" : "false"])
    bench.carryOut(try bench.plan(pod), ingress: [["ip": "1.1.1.1"], ["ip": "2.2.2.2"]])
    let status = try #require(try bench.plan(pod).status)
    #expect(status.currentState == .ready)
    let all = ["1.1.1.1", "1.1.1.1", "2.2.2.2", "2.2.2.2"]
    #expect(status.externalAddresses.map(\.ip) == (isWanted ? all : Array(all.prefix(2))))
    #expect(status.externalAddresses.map { $0.ports[0].name }.prefix(2) == ["80", "90"])
    #expect(status.internalAddresses.count == 2)
  }

  @Test("Volcengine-CLB: scattered pods take turns, others fill the first (vector 34)", arguments: [true, false])
  func scatter(isScattered: Bool) throws {
    let bench = ReconcileBench()
    let ids = try (0..<4).map { number in
      let plan = try bench.plan(
        bench.pod(
          "Volcengine-CLB",
          ["ClbIds": "1,2", "PortProtocols": "80", "EnableClbScatter": isScattered ? "true" : "false"],
          name: "game-\(number)", uid: "pod-\(number)"))
      bench.carryOut(plan)
      let annotations = try Self.service(plan)["metadata"]?["annotations"]
      return annotations?["service.beta.kubernetes.io/volcengine-loadbalancer-id"]?.string
    }
    #expect(ids == (isScattered ? ["1", "2", "1", "2"] : ["1", "1", "1", "1"]))
  }

  @Test("the highest port of a range is given, and one more pod is refused in the words of the cloud's plugin")
  func exhausted() throws {
    for (type, ids, last, code, text) in [
      (
        "Volcengine-CLB", "ClbIds", 600, PluginError.Code.internal,
        "unable to find load balancer with 1 available ports"
      ),
      ("HwCloud-ELB", "ElbIds", 700, .parameter, "there are no avaialable ports for [lb-1]"),
      ("JdCloud-NLB", "NlbIds", 700, .parameter, "there are no available ports for [lb-1]"),
      ("HwCloud-CCE-ELB", "kubernetes.io/elb.id", 65535, .parameter, "there are no avaliable ports for [lb-1]"),
    ] {
      let bench = ReconcileBench()
      let plugin = try #require(bench.bench.registry.plugin(named: type))
      let space = try #require(plugin.portSpace)
      // Everything but the last port is held by Services that were made by hand.
      let held = try #require(space.range.bounds).dropLast().map { port -> JSONValue in ["port": .int(port)] }
      bench.add(
        .services,
        [
          "metadata": ["namespace": "ns", "name": "hand", "annotations": [space.annotation: "lb-1"]],
          "spec": ["ports": .array(held)],
        ])
      func pod(_ name: String) throws -> Pod {
        try bench.pod(type, [ids: "lb-1", "PortProtocols": "80"], name: name, uid: name)
      }
      #expect(try Self.ports(bench.plan(pod("game-0"))) == [last], "\(type)")
      do {
        _ = try bench.plan(pod("game-1"))
        Issue.record("\(type): there was no port left")
      } catch let error as PluginError {
        #expect(error.code == code)
        #expect(error.message == text)
      }
    }
  }

  @Test("HwCloud-ELB: the whole Service, field by field; the option of sessions is not that of the health check")
  func hwCloud() throws {
    let bench = ReconcileBench()
    let plan = try bench.plan(
      bench.pod(
        "HwCloud-ELB",
        [
          "ElbIds": "elb-1", "PortProtocols": "80/TCPUDP", "ElbClass": "Shared", "ElbConnLimit": "100",
          "LBHealthCheckOption": #"{"a":1}"#, "ElbSessionAffinityOption": #"{"b":2}"#, "ElbIdleTimeout": "60",
          "ExternalTrafficPolicyType": "local", "ElbLbAlgorithm": "source_ip",
        ]))
    let prefix = "kubernetes.io/elb."
    let service = try Self.service(plan)
    #expect(
      service["metadata"]?["annotations"] == [
        prefix + "class": "shared", prefix + "connection-limit": "100", prefix + "lb-algorithm": "SOURCE_IP",
        prefix + "session-affinity-flag": "off", prefix + "session-affinity-option": #"{"b":2}"#,
        prefix + "enable-transparent-client-ip": "false", prefix + "x-forwarded-host": "false",
        prefix + "idle-timeout": "60", prefix + "health-check-flag": "on",
        prefix + "health-check-option": #"{"a":1}"#, prefix + "id": "elb-1",
      ])
    #expect(
      service["spec"] == [
        "type": "LoadBalancer", "externalTrafficPolicy": "Local", "publishNotReadyAddresses": false,
        "selector": ["statefulset.kubernetes.io/pod-name": "game-3"],
        "ports": [
          ["name": "80-tcp", "port": 500, "protocol": "TCP", "targetPort": 80],
          ["name": "80-udp", "port": 500, "protocol": "UDP", "targetPort": 80],
        ],
      ])
    let plain = try Self.service(
      bench.plan(
        bench.pod(
          "HwCloud-ELB", ["ElbIds": "elb-2", "PortProtocols": "80", "LBHealthCheckFlag": "OFF", "ElbConnLimit": "5"],
          name: "game-4", uid: "pod-4")))
    let annotations = plain["metadata"]?["annotations"]
    #expect(annotations?[prefix + "health-check-flag"] == "off")
    #expect(annotations?[prefix + "health-check-option"] == nil)
    #expect(annotations?[prefix + "connection-limit"] == nil)
    #expect(annotations?[prefix + "session-affinity-option"] == "")
  }

  @Test("HwCloud-ELB: containers that may be not ready do not switch off what shows the pod always")
  func publishing() throws {
    let bench = ReconcileBench()
    let pod = try bench.pod(
      "HwCloud-ELB",
      [
        "ElbIds": "elb-1", "PortProtocols": "80", "PublishNotReadyAddresses": "true",
        "AllowNotReadyContainers": "game",
      ])
    let first = try bench.plan(pod)
    #expect(try Self.service(first)["spec"]?["publishNotReadyAddresses"] == true)
    bench.carryOut(first, ingress: [["ip": "1.2.3.4"]])
    #expect(try bench.plan(pod).writes.isEmpty)
  }

  @Test("HwCloud-CCE-ELB: every other parameter is an annotation, and none of the product's own is")
  func passedOn() throws {
    let bench = ReconcileBench()
    let plan = try bench.plan(
      bench.pod(
        "HwCloud-CCE-ELB",
        [
          "kubernetes.io/elb.id": "elb-1", "kubernetes.io/elb.class": "union", "PortProtocols": "80",
          "AllowNotReadyContainers": "game", "game.kruise.io/network-config-hash": "1", "Fixed": "false",
        ]))
    let service = try Self.service(plan)
    #expect(
      service["metadata"]?["annotations"] == ["kubernetes.io/elb.id": "elb-1", "kubernetes.io/elb.class": "union"])
    #expect(service["spec"]?["externalTrafficPolicy"] == "Cluster")
    #expect(try Self.ports(plan) == [32768])
  }

  @Test("HwCloud-CCE-ELB: a load balancer of its own has the first ports, and keeps them (vector 38)")
  func autoCreate() throws {
    let plugin = HwCloudCCEELB(PortRange(500, 510, blocking: [500, 501, 503]))
    let bench = ReconcileBench()
    func plan(_ ports: String, name: String = "game-3") throws -> NetworkPlan {
      try plugin.plan(
        bench.context(
          bench.pod(
            "HwCloud-CCE-ELB", ["kubernetes.io/elb.autocreate": "{}", "PortProtocols": ports], name: name,
            uid: name == "game-3" ? "pod-1" : name)))
    }
    let context = try bench.context(
      bench.pod("HwCloud-CCE-ELB", ["kubernetes.io/elb.autocreate": "{}", "PortProtocols": "80"]))
    #expect(try plugin.demand(context) == nil)
    let first = try plan("80,90/UDP")
    #expect(try Self.ports(first) == [502, 504])
    #expect(try Self.service(first)["metadata"]?["annotations"] == ["kubernetes.io/elb.autocreate": "{}"])
    #expect(try Self.ports(plan("80", name: "game-4")) == [502])
    bench.carryOut(first)
    #expect(try Self.ports(plan("70,90/UDP,80")) == [505, 504, 502])
    #expect(throws: PluginError.self) { try plan("1,2,3,4,5,6,7,8,9") }
  }

  @Test("HwCloud-CCE-ELB: what the cloud wrote stays when the configuration changes")
  func foreignAnnotation() throws {
    let bench = ReconcileBench()
    let first = try bench.plan(
      bench.pod("HwCloud-CCE-ELB", ["kubernetes.io/elb.autocreate": "{}", "PortProtocols": "80"]))
    var live = try #require(first.writes.first).draft.value
    live["metadata"]?["annotations"]?["kubernetes.io/elb.id"] = "made"
    bench.add(.services, live)
    let next = try bench.plan(
      bench.pod("HwCloud-CCE-ELB", ["kubernetes.io/elb.autocreate": "{}", "PortProtocols": "80,90"]))
    let write = try #require(next.writes.first)
    #expect(write.draft.value["metadata"]?["annotations"]?["kubernetes.io/elb.id"] == nil)
    #expect(write.cleanUp?["metadata"] == nil)
    #expect(next.removals.isEmpty)
  }

  @Test("JdCloud-NLB: the listeners as text, one for each port of the Service")
  func jdCloud() throws {
    let bench = ReconcileBench()
    let plan = try bench.plan(
      bench.pod(
        "JdCloud-NLB",
        [
          "NlbIds": "nlb-1", "PortProtocols": "80,90/UDP", "service.beta.kubernetes.io/jdcloud-lb-idle-time": "60",
          "Annotations": "x:y",
        ]))
    let service = try Self.service(plan)
    let backend = #""backend":{"proxyProtocol":false,"algorithm":"RoundRobin"}}"#
    #expect(
      service["metadata"]?["annotations"] == [
        "service.beta.kubernetes.io/jdcloud-loadbalancer-id": "nlb-1",
        "service.beta.kubernetes.io/jdcloud-load-balancer-spec": .string(
          #"{"version":"v1","loadBalancerId":"nlb-1","loadBalancerType":"nlb","internal":false,"listeners":["#
            + #"{"protocol":"TCP","connectionIdleTimeSeconds":60,"# + backend
            + #",{"protocol":"UDP","connectionIdleTimeSeconds":60,"# + backend + "]}"),
        "x": "y",
      ])
    #expect(service["metadata"]?["labels"] == nil)
    #expect(
      service["spec"] == [
        "type": "LoadBalancer", "allocateLoadBalancerNodePorts": true,
        "selector": ["statefulset.kubernetes.io/pod-name": "game-3"],
        "ports": [
          ["name": "80", "port": 500, "protocol": "TCP", "targetPort": 80],
          ["name": "90", "port": 501, "protocol": "UDP", "targetPort": 90],
        ],
      ])
  }

  @Test(
    "the Service of an older pod of the name goes first",
    arguments: [
      ("Volcengine-CLB", "ClbIds"), ("HwCloud-ELB", "ElbIds"), ("HwCloud-CCE-ELB", "kubernetes.io/elb.id"),
      ("JdCloud-NLB", "NlbIds"), ("AmazonWebServices-NLB", "NlbARNs"),
    ])
  func older(type: String, ids: String) throws {
    let bench = ReconcileBench()
    let parameters: KeyValuePairs = [ids: "lb-1", "PortProtocols": "80"]
    bench.carryOut(try bench.plan(bench.pod(type, parameters, uid: "pod-0")), ingress: [["ip": "1.2.3.4"]])
    let plan = try bench.plan(bench.pod(type, parameters))
    #expect(plan.removals.contains { $0.resource == .services && $0.key.name == "game-3" })
    #expect(plan.writes.isEmpty)
    #expect(plan.status?.currentState == .notReady)
  }
}
