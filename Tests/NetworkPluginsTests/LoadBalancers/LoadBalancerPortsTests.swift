import JSON
import Kubernetes
import Testing

@testable import NetworkPlugins

@Suite("Ports of load balancers")
struct LoadBalancerPortsTests {
  static let time = Timestamp(seconds: 1_000_000)

  /// An allocator of one space with a store behind it.
  struct Bench {
    let space: PortSpace
    let store = ObjectStore()
    let ports: LoadBalancerPorts

    init(_ range: PortRange) {
      space = PortSpace("test", range, annotation: "lb-id", label: "lb-label")
      ports = LoadBalancerPorts([space])
      ports.observe(store)
    }

    func demand(
      _ candidates: [[String]], _ entries: Int..., choice: PortDemand.Choice = .first
    ) -> PortDemand {
      PortDemand(
        space, candidates: candidates, entries: entries.map { ProtocolPort($0, .tcp) }, choice: choice,
        exhausted: PluginError(.parameter, "none left"))
    }

    /// The ports that a pod gets, in the order of the entries.
    func take(
      _ pod: String, _ candidates: [[String]], _ entries: Int..., choice: PortDemand.Choice = .first,
      owners: Set<String> = [], isInUse: Bool = true, at now: Timestamp = time
    ) throws(PluginError) -> (ids: [String], ports: [Int]) {
      let list = entries.map { ProtocolPort($0, .tcp) }
      let demand = PortDemand(
        space, candidates: candidates, entries: list, choice: choice, exhausted: PluginError(.parameter, "none left"))
      let grant = try ports.allocate(
        demand, for: PortHolder(NamespacedName("ns", pod), owners: owners, isInUse: isInUse), at: now)
      return (grant.holding.loadBalancers, list.compactMap { grant.holding.port(for: $0) })
    }

    func show(
      _ name: String, on id: String, _ ports: [Int: Int], pod: String? = nil, label: Bool = false, created: String = "",
      owner: String? = nil
    ) {
      let list = ports.sorted { $0.key < $1.key }.map { target, port -> JSONValue in
        ["port": .int(port), "targetPort": .int(target), "protocol": "TCP"]
      }
      store.set(
        .services,
        KubernetesObject([
          "metadata": [
            "namespace": "ns", "name": .string(name), "creationTimestamp": .string(created),
            (label ? "labels" : "annotations"): [
              (label ? "lb-label" : "lb-id"): .string(id)
            ], "ownerReferences": .array(owner.map { [["uid": .string($0), "controller": true]] } ?? []),
          ],
          "spec": [
            "type": "ClusterIP", "selector": ["statefulset.kubernetes.io/pod-name": .string(pod ?? name)],
            "ports": .array(list),
          ],
        ]))
    }

    func hide(_ name: String) { store.remove(.services, NamespacedName("ns", name)) }
    func held(_ id: String) -> Int? { ports.report.first { $0.loadBalancer == id }?.held }
  }

  @Test("vector 23: two ports of three with a blocked one, and the next pod on the next group")
  func groups() throws {
    let bench = Bench(PortRange(8000, 8002, blocking: [8001]))
    let groups = [["a", "b"], ["c", "d"]]
    let first = try bench.take("p-0", groups, 80, 81)
    #expect(first.ids == ["a", "b"])
    #expect(first.ports == [8000, 8002])
    let second = try bench.take("p-1", groups, 80, 81)
    #expect(second.ids == ["c", "d"])
    #expect(second.ports == [8000, 8002])
    #expect(throws: PluginError.self) { try bench.take("p-2", groups, 80, 81) }
  }

  @Test("a port is free for a group only where it is free on all of its load balancers")
  func overlappingGroups() throws {
    let bench = Bench(PortRange(500, 503))
    _ = try bench.take("p-0", [["a", "b"]], 80)
    #expect(try bench.take("p-1", [["b", "c"]], 80).ports == [501])
    #expect(try bench.take("p-2", [["a", "c"]], 80).ports == [502])
    #expect(try bench.take("p-3", [["c"]], 80).ports == [500])
  }

  @Test("vector 34: pods take turns where they are scattered")
  func scatter() throws {
    let bench = Bench(PortRange(550, 600))
    let ids = try (0..<4).map { try bench.take("p-\($0)", [["1"], ["2"]], 80, choice: .mostFree).ids[0] }
    #expect(ids == ["1", "2", "1", "2"])
  }

  @Test("vector 35: more ports than there are is an error, and nothing is given")
  func tooMany() throws {
    let bench = Bench(PortRange(500, 505))
    _ = try bench.take("p-0", [["a"]], 80)
    #expect(throws: PluginError.self) { try bench.take("p-1", [["a"]], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10) }
    #expect(bench.held("a") == 1)
  }

  @Test("vector 33: a restart finds ports on their own load balancers, and leaves out those of other ranges")
  func rebuild() throws {
    let bench = Bench(PortRange(951, 1000))
    bench.show("p-0", on: "one", [80: 988])
    bench.show("p-1", on: "two", [80: 951, 81: 999])
    bench.show("p-2", on: "two", [80: 80])
    let again = LoadBalancerPorts([bench.space])
    again.observe(bench.store)
    #expect(again.report.map { "\($0.loadBalancer) \($0.held)" } == ["one 1", "two 2"])
    let grant = try again.allocate(
      bench.demand([["three"]], 80, 81), for: PortHolder(NamespacedName("ns", "p-1")), at: Self.time)
    #expect(grant.holding.loadBalancers == ["two"])
    #expect(grant.holding.port(for: ProtocolPort(81, .tcp)) == 999)
  }

  @Test("the label of the cloud's controller counts where the annotation is missing, whatever made the Service")
  func label() throws {
    let bench = Bench(PortRange(500, 502))
    bench.show("by-hand", on: "a", [80: 500], pod: "nobody", label: true)
    #expect(try bench.take("p-0", [["a"]], 80).ports == [501])
  }

  @Test("a pod gets the same again, whether its Service is there yet or not, and other pods do not")
  func idempotent() throws {
    let bench = Bench(PortRange(500, 510))
    #expect(try bench.take("p-0", [["a"]], 80).ports == [500])
    #expect(try bench.take("p-0", [["b"]], 80).ports == [500])
    bench.show("p-0", on: "a", [80: 500])
    #expect(try bench.take("p-0", [["b"]], 80).ids == ["a"])
    #expect(bench.held("a") == 1)
    #expect(try bench.take("p-1", [["a"]], 80).ports == [501])
  }

  @Test("growing keeps what there is on its load balancer, shrinking lets the rest go with the Service")
  func growAndShrink() throws {
    let bench = Bench(PortRange(500, 503))
    bench.show("p-0", on: "a", [80: 502])
    #expect(try bench.take("p-0", [["b"]], 90, 80).ports == [500, 502])
    #expect(bench.held("a") == 2)
    bench.show("p-0", on: "a", [80: 502, 90: 500])
    #expect(bench.held("a") == 2)
    #expect(try bench.take("p-0", [["b"]], 90).ports == [500])
    bench.show("p-0", on: "a", [90: 500])
    #expect(bench.held("a") == 1)
    do {
      _ = try bench.take("p-0", [["b"]], 90, 1, 2, 3, 4)
      Issue.record("there are not so many ports")
    } catch {
      #expect(error.code == .internal)
      #expect(error.message.contains("load balancer a of ns/p-0"))
    }
    #expect(bench.held("a") == 1)
  }

  @Test("what was given to a pod that is gone is kept until its Service must be known")
  func farewell() throws {
    let bench = Bench(PortRange(500, 500))
    _ = try bench.take("p-0", [["a"]], 80)
    bench.ports.forget(NamespacedName("ns", "p-0"), at: Self.time)
    #expect(throws: PluginError.self) { try bench.take("p-1", [["a"]], 80, at: Self.time + .seconds(59)) }
    #expect(try bench.take("p-1", [["a"]], 80, at: Self.time + .seconds(60)).ports == [500])
  }

  @Test("the Service of a pod that is gone holds its ports until it is gone too")
  func slowEnd() throws {
    let bench = Bench(PortRange(500, 501))
    _ = try bench.take("p-0", [["a"]], 80)
    bench.show("p-0", on: "a", [80: 500])
    bench.ports.forget(NamespacedName("ns", "p-0"), at: Self.time)
    #expect(try bench.take("p-1", [["a"]], 80, at: Self.time + .seconds(600)).ports == [501])
    bench.hide("p-0")
    #expect(try bench.take("p-2", [["a"]], 80, at: Self.time + .seconds(600)).ports == [500])
  }

  @Test("of two Services on one port the younger one moves")
  func doubles() throws {
    let bench = Bench(PortRange(500, 510))
    bench.show("p-1", on: "a", [80: 500, 90: 501], created: "2026-01-01T00:00:02Z")
    bench.show("p-0", on: "a", [80: 500], created: "2026-01-01T00:00:01Z")
    #expect(try bench.take("p-0", [["a"]], 80).ports == [500])
    #expect(try bench.take("p-1", [["a"]], 80, 90).ports == [502, 501])
    bench.show("p-1", on: "a", [80: 502, 90: 501], created: "2026-01-01T00:00:02Z")
    #expect(bench.held("a") == 3)
    #expect(try bench.take("p-1", [["a"]], 80, 90).ports == [502, 501])
    // Given here, and meanwhile written for another pod by who led before.
    #expect(try bench.take("p-2", [["a"]], 80).ports == [503])
    bench.show("p-3", on: "a", [80: 503], created: "2026-01-01T00:00:03Z")
    #expect(try bench.take("p-2", [["a"]], 80).ports == [504])
  }

  @Test("says once that four fifths are held")
  func scarcity() throws {
    let bench = Bench(PortRange(500, 504))
    let grants = try (0..<10).map { pod in
      try bench.ports.allocate(
        bench.demand([["a"], ["b"]], 80), for: PortHolder(NamespacedName("ns", "p-\(pod)")), at: Self.time)
    }
    #expect(grants.map { $0.scarcity != nil } == (0..<10).map { $0 == 7 })
    #expect(grants[7].scarcity == PortGrant.Scarcity(held: 8, usable: 10))
  }

  @Test("a load balancer joins the group of a pod only where the pod's ports are free on it")
  func joining() throws {
    let bench = Bench(PortRange(500, 510))
    bench.show("other", on: "c", [90: 500])
    bench.show("p-0-a", on: "a", [80: 500], pod: "p-0")
    bench.show("p-0-b", on: "b", [80: 500], pod: "p-0")
    let stays = try bench.take("p-0", [["a", "b", "c"]], 80)
    #expect(stays.ids == ["a", "b"])
    #expect(stays.ports == [500])
    #expect(try bench.take("p-0", [["a", "b", "d"]], 80).ids == ["a", "b", "d"])
    // It is held there from now on, though no Service shows it.
    #expect(try bench.take("p-1", [["d"]], 80).ports == [501])
    bench.hide("other")
    #expect(try bench.take("p-0", [["a", "b", "c"]], 80).ids == ["a", "b", "c"])
    #expect(bench.held("d") == 1)
  }

  @Test("a pod that nobody knows of yet moves to ports that are free in its whole group")
  func unknownPod() throws {
    let bench = Bench(PortRange(500, 510))
    bench.show("other", on: "b", [90: 500])
    bench.show("p-0-a", on: "a", [80: 500], pod: "p-0")
    let moved = try bench.take("p-0", [["a", "b"]], 80, isInUse: false)
    #expect(moved.ids == ["a", "b"])
    #expect(moved.ports == [501])
  }

  @Test("what a pod of a deleted set left is neither its load balancer's nor its ports' next owner")
  func olderOwner() throws {
    let bench = Bench(PortRange(500, 510))
    bench.show("p-0", on: "a", [80: 505], owner: "old")
    let other = try bench.take("p-0", [["b"]], 80, owners: ["new"])
    #expect(other.ids == ["b"])
    #expect(other.ports == [500])
    bench.show("p-1", on: "a", [80: 506], owner: "old")
    #expect(try bench.take("p-1", [["a"]], 80, owners: ["new"]).ports == [506])
    bench.show("p-2", on: "a", [80: 507], owner: "new")
    #expect(try bench.take("p-2", [["b"]], 80, owners: ["new"]).ids == ["a"])
    // Nor is what was given to it.
    #expect(try bench.take("p-3", [["a"]], 80, owners: ["old"]).ids == ["a"])
    #expect(try bench.take("p-3", [["b"]], 80, owners: ["new"]).ids == ["b"])
  }

  @Test("TCP and UDP that had one port get one each when they become two entries")
  func split() throws {
    let bench = Bench(PortRange(500, 510))
    let both = [ProtocolPort(80, .tcpUDP)]
    let apart = [ProtocolPort(80, .tcp), ProtocolPort(80, .udp)]
    func take(_ entries: [ProtocolPort]) throws -> [Int] {
      let demand = PortDemand(
        bench.space, oneOf: ["a"], entries: entries, exhausted: PluginError(.parameter, "none left"))
      let holder = PortHolder(NamespacedName("ns", "p-0"))
      let holding = try bench.ports.allocate(demand, for: holder, at: Self.time).holding
      return entries.compactMap { holding.port(for: $0) }
    }
    #expect(try take(both) == [500])
    bench.store.set(
      .services,
      KubernetesObject([
        "metadata": ["namespace": "ns", "name": "p-0", "annotations": ["lb-id": "a"]],
        "spec": [
          "ports": [
            ["port": 500, "targetPort": 80, "protocol": "TCP"], ["port": 500, "targetPort": 80, "protocol": "UDP"],
          ]
        ],
      ]))
    #expect(try take(apart) == [500, 501])
    #expect(bench.held("a") == 2)
  }

  @Test("ports that were given and are not wanted any more are free again")
  func reverted() throws {
    let bench = Bench(PortRange(500, 510))
    bench.show("p-0", on: "a", [80: 500])
    #expect(try bench.take("p-0", [["a"]], 80, 81).ports == [500, 501])
    #expect(bench.held("a") == 2)
    #expect(try bench.take("p-0", [["a"]], 80).ports == [500])
    #expect(bench.held("a") == 1)
  }

  @Test("says that four fifths are held also where a pod's growth brought it about")
  func scarceByGrowth() throws {
    let bench = Bench(PortRange(500, 504))
    bench.show("p-0", on: "a", [80: 500])
    let grant = try bench.ports.allocate(
      bench.demand([["a"]], 80, 81, 82, 83), for: PortHolder(NamespacedName("ns", "p-0")), at: Self.time)
    #expect(grant.scarcity == PortGrant.Scarcity(held: 4, usable: 5))
  }

  @Test("vector 20: an instance takes 200 pods and no more, and counts stay as they are")
  func seats() throws {
    let space = PortSpace("seats", seats: 200, of: "shared", annotation: "kept", label: "lb")
    let ports = LoadBalancerPorts([space])
    let store = ObjectStore()
    ports.observe(store)
    func demand(_ ids: [String]) -> PortDemand {
      PortDemand(space, oneOf: ids, entries: [], exhausted: PluginError(.parameter, "upper limit"))
    }
    func pod(_ number: Int, _ labels: JSONValue) -> KubernetesObject {
      KubernetesObject([
        "metadata": [
          "namespace": "ns", "name": .string("p-\(number)"), "labels": labels,
          "annotations": ["game.kruise.io/network-type": "shared"],
        ]
      ])
    }
    for number in 0..<199 { store.set(.pods, pod(number, ["lb": "a"])) }
    let last = NamespacedName("ns", "p-199")
    #expect(try ports.allocate(demand(["a"]), for: PortHolder(last), at: Self.time).holding.loadBalancers == ["a"])
    #expect(throws: PluginError.self) {
      try ports.allocate(demand(["a"]), for: PortHolder(NamespacedName("ns", "p-200")), at: Self.time)
    }
    #expect(ports.report.map(\.held) == [200])
    store.set(.pods, pod(199, ["lb": "a"]))
    #expect(ports.report.map(\.held) == [200])
    store.remove(.pods, NamespacedName("ns", "p-7"))
    #expect(
      try ports.allocate(demand(["b", "a"]), for: PortHolder(NamespacedName("ns", "p-200")), at: Self.time).holding
        .loadBalancers
        == ["b"])
    ports.forget(NamespacedName("ns", "p-200"), at: Self.time)
    #expect(ports.report.map(\.held) == [199])
  }
}
