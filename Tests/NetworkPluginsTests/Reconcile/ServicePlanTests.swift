import JSON
import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("Plans of networks with a Service")
struct ServicePlanTests {
  static let parameters: KeyValuePairs = ["SlbIds": "lb-1", "PortProtocols": "80/TCPUDP"]

  @Test("the whole Service, field by field")
  func golden() throws {
    let bench = ReconcileBench()
    let plan = try bench.plan(bench.pod("AlibabaCloud-SLB", Self.parameters))
    let prefix = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-"
    var service = try #require(plan.writes.first).draft.value
    let hash = service["metadata"]?["annotations"]?["game.kruise.io/network-config-hash"]?.string ?? ""
    #expect(UInt32(hash) != nil)
    service["metadata"]?["annotations"]?["game.kruise.io/network-config-hash"] = nil
    #expect(
      service == [
        "apiVersion": "v1", "kind": "Service",
        "metadata": [
          "name": "game-3", "namespace": "ns", "labels": ["service.kubernetes.io/service-proxy-name": "dummy"],
          "annotations": [
            prefix + "force-override-listeners": "true", prefix + "id": "lb-1",
            prefix + "health-check-flag": "off", prefix + "health-check-switch": "on",
            prefix + "health-check-type": "tcp", prefix + "health-check-connect-timeout": "5",
            prefix + "health-check-interval": "10", prefix + "healthy-threshold": "2",
            prefix + "unhealthy-threshold": "2",
          ],
          "ownerReferences": [
            [
              "apiVersion": "v1", "kind": "Pod", "name": "game-3", "uid": "pod-1", "controller": true,
              "blockOwnerDeletion": true,
            ]
          ],
        ],
        "spec": [
          "type": "LoadBalancer", "externalTrafficPolicy": "Cluster",
          "selector": ["statefulset.kubernetes.io/pod-name": "game-3"],
          "ports": [
            ["name": "80-tcp", "port": 500, "protocol": "TCP", "targetPort": 80],
            ["name": "80-udp", "port": 500, "protocol": "UDP", "targetPort": 80],
          ],
        ],
      ])
  }

  @Test("an unchanged Service is not written, and a hash of another program only is written without interruption")
  func takeOver() throws {
    let bench = ReconcileBench()
    let pod = try bench.pod("AlibabaCloud-SLB", Self.parameters)
    let first = try bench.plan(pod)
    #expect(first.status?.currentState == .notReady)
    bench.carryOut(first, ingress: [["ip": "1.2.3.4"]])
    let second = try bench.plan(pod)
    #expect(second.writes.isEmpty)
    #expect(second.status?.currentState == .ready)
    var foreign = try #require(first.writes.first).draft.value
    foreign["metadata"]?["annotations"]?["game.kruise.io/network-config-hash"] = "123"
    foreign["status"] = ["loadBalancer": ["ingress": [["ip": "1.2.3.4"]]]]
    bench.add(.services, foreign)
    let third = try bench.plan(pod)
    #expect(third.writes.count == 1)
    #expect(third.writes.first?.cleanUp == nil)
    #expect(third.status?.currentState == .ready)
  }

  @Test("ports and owners that somebody else wrote are cleaned up first, everything else of theirs stays")
  func cleanUp() throws {
    let bench = ReconcileBench()
    let pod = try bench.pod("AlibabaCloud-SLB", Self.parameters)
    let first = try bench.plan(pod)
    var live = try #require(first.writes.first).draft.value
    var ports = live["spec"]?["ports"]?.array ?? []
    ports[0]["nodePort"] = 30_123
    live["spec"]?["ports"] = .array(ports + [["name": "x", "port": 501, "protocol": "TCP", "targetPort": 90]])
    live["spec"]?["sessionAffinity"] = "ClientIP"
    bench.add(.services, live)
    let write = try #require(try bench.plan(pod).writes.first)
    #expect(write.cleanUp?["spec"]?["ports"] == .array(ports))
    #expect(write.cleanUp?["metadata"] == nil)
    #expect(write.cleanUp?["spec"]?["sessionAffinity"] == nil)
  }

  @Test("the Service of an older pod goes first and shows nothing")
  func older() throws {
    let bench = ReconcileBench()
    bench.carryOut(
      try bench.plan(bench.pod("AlibabaCloud-SLB", Self.parameters, uid: "pod-0")), ingress: [["ip": "1.2.3.4"]])
    let plan = try bench.plan(bench.pod("AlibabaCloud-SLB", Self.parameters))
    #expect(plan.removals.map(\.key.name) == ["game-3"])
    #expect(plan.writes.isEmpty)
    #expect(plan.status?.currentState == .notReady)
  }

  @Test("what is meant to stay is never owned by the pod")
  func fixedWithoutSet() throws {
    let bench = ReconcileBench()
    bench.store.remove(.gameServerSets, NamespacedName("ns", "game"))
    do {
      _ = try bench.plan(
        bench.pod("AlibabaCloud-SLB", ["SlbIds": "lb-1", "PortProtocols": "80", "Fixed": "true"]))
      Issue.record("the set is not known")
    } catch let error as PluginError {
      #expect(error.code == .apiCall)
    }
    #expect(bench.ports.report.isEmpty)
  }

  @Test("addresses wait for the pod's own")
  func withoutPodIP() throws {
    let bench = ReconcileBench()
    bench.carryOut(try bench.plan(bench.pod("AlibabaCloud-SLB", Self.parameters)), ingress: [["ip": "1.2.3.4"]])
    #expect(
      try bench.plan(bench.pod("AlibabaCloud-SLB", Self.parameters, ip: "")).status?.currentState == .notReady)
  }

  @Test("a disabled network is not ready whatever the cloud still shows, and keeps its addresses for later")
  func disabled() throws {
    let bench = ReconcileBench()
    bench.carryOut(try bench.plan(bench.pod("AlibabaCloud-NLB", ["NlbIds": "n", "PortProtocols": "80"])))
    let old = NetworkStatus(.ready, externalAddresses: [NetworkStatus.Address(ip: "1.2.3.4")])
    let plan = try bench.plan(
      bench.pod(
        "AlibabaCloud-NLB", ["NlbIds": "n", "PortProtocols": "80"],
        labels: ["game.kruise.io/network-disabled": "true"], status: old))
    #expect(plan.status?.currentState == .notReady)
    #expect(plan.status?.externalAddresses == old.externalAddresses)
    let spec = try #require(plan.writes.first?.draft.value["spec"])
    #expect(spec["type"] == "ClusterIP")
    #expect(spec["loadBalancerClass"] == nil)
    #expect(spec["externalTrafficPolicy"] == nil)
  }

  @Test("annotations of users never take the place of the plugin's own")
  func userAnnotations() throws {
    let bench = ReconcileBench()
    let context = try bench.context(bench.pod("AlibabaCloud-SLB", Self.parameters))
    var draft = ServiceDraft(context, owner: try context.owner(isFixed: false), ports: [])
    draft.annotations = ["own": "1"]
    draft.addUserAnnotations([
      KeyValue("own", "2"), KeyValue("other", "3"), KeyValue("game.kruise.io/network-config-hash", "4"),
    ])
    let annotations = draft.object(hash: "9", isCut: false, publishesNotReady: nil).value["metadata"]?["annotations"]
    #expect(annotations == ["own": "1", "other": "3", "game.kruise.io/network-config-hash": "9"])
  }

  @Test(
    "addresses of nodes: a name before an address, outside before inside",
    arguments: [
      ([("InternalIP", "10.0.0.1")], "10.0.0.1"), ([("InternalIP", "10.0.0.1"), ("ExternalIP", "1.1.1.1")], "1.1.1.1"),
      ([("ExternalIP", "1.1.1.1"), ("ExternalDNS", "n.example")], "n.example"),
      ([("ExternalIP", "no address"), ("InternalIP", "10.0.0.1"), ("InternalDNS", "n.internal")], "n.internal"),
      ([("ExternalIP", "1.1.1.1"), ("ExternalIP", "2001:db8::1")], "2001:db8::1"), ([], ""),
    ])
  func nodeAddress(addresses: [(String, String)], expected: String) {
    let list = addresses.map { JSONValue.object(["type": .string($0.0), "address": .string($0.1)]) }
    let node = KubernetesObject(["status": ["addresses": .array(list)]]).as(Node.self)
    #expect(node.publicAddress == expected)
  }
}
