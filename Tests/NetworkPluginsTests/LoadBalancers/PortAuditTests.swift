import JSON
import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("The audit of load balancer ports")
struct PortAuditTests {
  static let annotation = "kubernetes.io/elb.id"

  /// A Service of HwCloud-ELB on `lb-1`.
  static func service(
    _ name: String, _ ports: [Int], owner: JSONValue?, created: String = "2026-01-01T00:00:00Z",
    fields: JSONValue? = nil
  ) -> JSONValue {
    var service: JSONValue = [
      "metadata": [
        "namespace": "ns", "name": .string(name), "uid": .string("uid-" + name), "creationTimestamp": .string(created),
        "annotations": [annotation: "lb-1", "game.kruise.io/network-config-hash": "1"],
      ],
      "spec": [
        "selector": ["statefulset.kubernetes.io/pod-name": .string(name)],
        "ports": .array(ports.map { ["port": .int($0), "protocol": "TCP", "targetPort": 80] }),
      ],
    ]
    if let owner { service["metadata"]?["ownerReferences"] = [owner] }
    if let fields { service["metadata"]?["deletionTimestamp"] = fields }
    return service
  }

  static func owner(_ kind: String, _ name: String, _ uid: String) -> JSONValue {
    [
      "apiVersion": kind == "Pod" ? "v1" : "game.kruise.io/v1alpha1", "kind": .string(kind), "name": .string(name),
      "uid": .string(uid), "controller": true,
    ]
  }

  static func audit(pods: [String] = [], set: Bool = false, _ services: JSONValue...) throws -> PortAudit {
    let bench = ReconcileBench()
    for name in pods {
      let pod = try bench.pod(
        "HwCloud-ELB", ["ElbIds": "lb-1", "PortProtocols": "80"], name: name, uid: "pod-" + name)
      bench.add(.pods, JSONValue(pod.json))
    }
    if set {
      bench.add(
        .gameServerSets,
        [
          "metadata": ["namespace": "ns", "name": "game", "uid": "set-1"],
          "spec": ["network": ["networkType": "HwCloud-ELB"]],
        ])
    }
    for service in services { bench.add(.services, service) }
    return PortAudit(bench.store, plugins: bench.bench.registry)
  }

  static func podOwner(_ name: String) -> JSONValue { owner("Pod", name, "pod-" + name) }

  @Test("says who holds what, and finds nothing where all is well")
  func holds() throws {
    let audit = try Self.audit(
      pods: ["game-0", "game-1"], Self.service("game-1", [502, 501], owner: Self.podOwner("game-1")),
      Self.service("game-0", [500], owner: Self.podOwner("game-0")))
    #expect(audit.findings.isEmpty)
    #expect(audit.holds.map { "\($0.port) \($0.service.name)" } == ["500 game-0", "501 game-1", "502 game-1"])
    #expect(audit.holds[0].pod == NamespacedName("ns", "game-0"))
    #expect(audit.holds[0].type == "HwCloud-ELB")
    #expect(audit.holds[0].protocols == ["TCP"])
  }

  @Test("a Service whose pod, set or every owner is gone is a leak, unless it is on its way out")
  func leaks() throws {
    let audit = try Self.audit(
      pods: ["game-0"], Self.service("game-0", [500], owner: Self.owner("Pod", "game-0", "older")),
      Self.service("game-1", [501], owner: Self.podOwner("game-1")),
      Self.service("game-2", [502], owner: Self.owner("GameServerSet", "game", "older")),
      Self.service("game-3", [503], owner: nil),
      Self.service("game-4", [504], owner: Self.podOwner("game-4"), fields: "2026-01-01T00:00:00Z"))
    #expect(audit.findings.map(\.kind) == [.leak, .leak, .leak, .leak])
    #expect(audit.findings.map(\.service.name) == ["game-0", "game-1", "game-2", "game-3"])
    #expect(audit.findings.allSatisfy { $0.isMendedByDeletion })
    #expect(audit.findings[1].message == "pod ns/game-1 is gone; holds 501 of lb-1")
    #expect(audit.findings[1].uid == "uid-game-1")
  }

  @Test("a Service of a set keeps its ports while the set is there")
  func fixed() throws {
    let owner = Self.owner("GameServerSet", "game", "set-1")
    #expect(try Self.audit(set: true, Self.service("game-9", [500], owner: owner)).findings.isEmpty)
  }

  @Test("of two on one port the younger is to go, whichever its name")
  func doubles() throws {
    let audit = try Self.audit(
      pods: ["game-0", "game-1"],
      Self.service("game-0", [500, 501], owner: Self.podOwner("game-0"), created: "2026-01-01T00:00:02Z"),
      Self.service("game-1", [501], owner: Self.podOwner("game-1"), created: "2026-01-01T00:00:01Z"))
    #expect(audit.findings.map(\.kind) == [.double])
    #expect(audit.findings.map(\.service.name) == ["game-0"])
    #expect(audit.findings[0].message == "501/TCP of lb-1 is also of ns/game-1")
    #expect(audit.findings[0].isMendedByDeletion)
  }

  @Test("a Service that was made by hand keeps its port, and is never deleted")
  func byHand() throws {
    var hand = Self.service("hand", [500, 9], owner: nil, created: "2026-01-01T00:00:09Z")
    hand["metadata"]?["annotations"]?["game.kruise.io/network-config-hash"] = nil
    var other = hand
    other["metadata"]?["name"] = "other"
    let audit = try Self.audit(
      pods: ["game-0"], hand, other, Self.service("game-0", [500], owner: Self.podOwner("game-0")))
    #expect(audit.findings.map(\.service.name) == ["game-0", "other"])
    #expect(audit.findings.map(\.isMendedByDeletion) == [true, false])
  }

  @Test("UDP and TCP on one port are no double, and one port with both is one hold")
  func protocols() throws {
    var both = Self.service("game-0", [500, 500], owner: Self.podOwner("game-0"))
    both["spec"]?["ports"] = [
      ["port": 500, "protocol": "TCP", "targetPort": 80], ["port": 500, "protocol": "UDP", "targetPort": 80],
    ]
    let audit = try Self.audit(pods: ["game-0"], both)
    #expect(audit.findings.isEmpty)
    #expect(audit.holds.map(\.protocols) == [["TCP", "UDP"]])
  }

  @Test("ports outside the range and Services without ports are told of, and left alone")
  func odd() throws {
    let audit = try Self.audit(
      pods: ["game-0", "game-1"], Self.service("game-0", [499, 500], owner: Self.podOwner("game-0")),
      Self.service("game-1", [], owner: Self.podOwner("game-1")))
    #expect(audit.findings.map(\.kind) == [.outOfRange, .withoutPorts])
    #expect(audit.findings[0].message == "499 of lb-1 may not be given from [hwcloud.elb]")
    #expect(audit.findings.allSatisfy { !$0.isMendedByDeletion })
  }
}
