import JSON
import Kubernetes
import NetworkPlugins
import Testing

@Suite("Admission of a pod with Kubernetes-HostPort")
struct HostPortAdmissionTests {
  let type = "Kubernetes-HostPort"

  /// Container port, host port and protocol of every port of a container.
  func ports(_ pod: Pod, _ position: Int = 0) -> [String] {
    pod.containers[position].ports.map { "\($0.containerPort) \($0.hostPort) \($0.proto)" }
  }

  @Test("hands the chosen ports out from the last to the first, TCPUDP as two entries, SameAsHost with equal ports")
  func conformance() throws {
    // Of two ports one is left to choose first: whatever the name gives, the order is known.
    let bench = AdmissionBench(hostPorts: PortRange(8000, 8001))
    let pod = try bench.pod(type, ["ContainerPorts": "game:80,SameAsHost/TCPUDP"])
    let chosen = try bench.hostPorts.allocate(
      2, for: pod.key, in: nil, isDryRun: true, at: .now)
    let outcome = try bench.admit(pod)
    #expect(
      ports(outcome.pod) == [
        "80 \(chosen[1]) TCP", "\(chosen[0]) \(chosen[0]) TCP", "\(chosen[0]) \(chosen[0]) UDP",
      ])
    #expect(
      outcome.notes == [
        .audit(
          key: "host-ports", value: "game:80->\(chosen[1])/TCP,game:\(chosen[0])->\(chosen[0])/TCPUDP")
      ])
  }

  @Test("touches nothing but the ports, and keeps those that are there")
  func patch() throws {
    let bench = AdmissionBench(hostPorts: PortRange(8000, 8001))
    bench.store.set(.pods, TestPods.holding([8000], name: "other-0"))
    let pod = try bench.pod(
      type, ["ContainerPorts": "game:80", "ContainerPorts": "side:53/udp"],
      containers: """
        [{"name":"game","ports":[{"containerPort":80,"name":"http","x":1}]},{"name":"other"},{"name":"side"}]
        """)
    let outcome = try bench.admit(pod)
    // The choice is 8001 and then the shared 8000, handed out from its end.
    #expect(
      outcome.lines == [
        #"add /spec/containers/0/ports/- {"hostPort":8000,"containerPort":80,"protocol":"TCP"}"#,
        #"add /spec/containers/2/ports [{"hostPort":8001,"containerPort":53,"protocol":"UDP"}]"#,
      ])
  }

  @Test(
    "adds nothing to its own output, whatever was asked for",
    arguments: [
      "game:80", "game:80,81/UDP,82/TCPUDP", "game:SameAsHost,SameAsHost,SameAsHost/UDP", "game:80/SCTP,SameAsHost",
      "game:SameAsHost/TCPUDP,8000,8001/TCPUDP,SameAsHost", "game:8000,SameAsHost", "game:80/TCP,80/UDP",
    ])
  func idempotent(_ value: String) throws {
    for range in [PortRange(8000, 8003), PortRange(8000, 9000)] {
      let bench = AdmissionBench(hostPorts: range)
      for ordinal in 0..<20 {
        let first = try bench.admit(bench.pod(type, ["ContainerPorts": value], name: "game-\(ordinal)"))
        #expect(!first.patch.isEmpty)
        let report = bench.hostPorts.report
        let second = try bench.admit(first.pod)
        #expect(second.patch.isEmpty)
        #expect(second.notes.isEmpty)
        #expect(bench.hostPorts.report.held == report.held)
      }
    }
  }

  @Test(
    "gives no port that the pod declares itself",
    arguments: [
      #"[{"name":"game","image":"i"},{"name":"admin","ports":[{"containerPort":9,"hostPort":PORT}]}]"#,
      #"[{"name":"game","image":"i","ports":[{"containerPort":9,"hostPort":PORT,"protocol":"UDP"}]}]"#,
      #"[{"name":"game","image":"i","ports":[{"containerPort":80,"hostPort":PORT}]}]"#,
      #"[{"name":"game","image":"i"}],"initContainers":[{"name":"i","ports":[{"containerPort":9,"hostPort":PORT}]}]"#,
    ])
  func ownPorts(_ containers: String) throws {
    let bench = AdmissionBench()
    let wanted: KeyValuePairs = ["ContainerPorts": "game:80/TCPUDP,SameAsHost"]
    let free = try bench.admit(bench.pod(type, wanted), isDryRun: true).pod
    for port in Set(free.containers[0].ports.map(\.hostPort)) {
      let pod = try bench.pod(type, wanted, containers: containers.replacing("PORT", with: String(port)))
      let first = try bench.admit(pod)
      let given = (first.pod.containers + first.pod.initContainers).flatMap(\.ports).map(\.hostPort)
      #expect(given.count { $0 == port } == 1)
      #expect(try bench.admit(first.pod).patch.isEmpty)
    }
  }

  @Test("puts several entries for one container together")
  func merges() throws {
    let bench = AdmissionBench()
    let outcome = try bench.admit(bench.pod(type, ["ContainerPorts": "game:80", "ContainerPorts": "game:81,82"]))
    #expect(outcome.pod.containers[0].ports.map(\.containerPort) == [80, 81, 82])
    #expect(Set(outcome.pod.containers[0].ports.map(\.hostPort)).count == 3)
    #expect(bench.hostPorts.report.held == 3)
  }

  @Test("warns of a container that the pod has not, and does the rest")
  func stranger() throws {
    let bench = AdmissionBench()
    let outcome = try bench.admit(bench.pod(type, ["ContainerPorts": "gam:80", "ContainerPorts": "game:81"]))
    #expect(outcome.pod.containers[0].ports.map(\.containerPort) == [81])
    #expect(outcome.notes.contains(.warning(#"network parameter ContainerPorts: the pod has no container "gam""#)))
  }

  @Test("does nothing for a pod that asks for no ports")
  func nothing() throws {
    let bench = AdmissionBench()
    #expect(try bench.admit(bench.pod(type, [:])).patch.isEmpty)
    #expect(bench.hostPorts.report.held == 0)
  }

  @Test("refuses a configuration that cannot be read, and names it")
  func malformed() throws {
    let bench = AdmissionBench()
    var editor = PodEditor(try bench.pod(type, [:]))
    editor.setAnnotation(GameAnnotations.networkConf, "broken")
    let error = #expect(throws: PluginError.self) {
      try bench.registry.admit(
        &editor, podKey: NamespacedName("ns", "game-0"), isDryRun: false, cluster: bench.store)
    }
    #expect(error?.code == .parameter)
    #expect(error?.parameter == GameAnnotations.networkConf)
  }

  @Test("refuses a port that is none, and consumes nothing")
  func badPort() throws {
    let bench = AdmissionBench()
    let error = try #require(throws: PluginError.self) {
      try bench.admit(bench.pod(type, ["ContainerPorts": "game:80", "ContainerPorts": "game:99999"]))
    }
    #expect(error.parameter == "ContainerPorts")
    #expect(error.message.contains("99999"))
    #expect(bench.hostPorts.report.held == 0)
  }

  @Test("refuses a pod that needs more ports than there are, with the range and its use")
  func exhausted() throws {
    let bench = AdmissionBench(hostPorts: PortRange(8000, 8001))
    let error = try #require(throws: PluginError.self) {
      try bench.admit(bench.pod(type, ["ContainerPorts": "game:1,2,3"]))
    }
    #expect(error.code == .internal)
    #expect(error.message.contains("8000 to 8001"))
    #expect(error.message.contains("0 are in use"))
  }

  @Test("answers a dry run as it would the real one, and consumes nothing")
  func dryRun() throws {
    let bench = AdmissionBench()
    let pod = try bench.pod(type, ["ContainerPorts": "game:80,81"])
    let dry = try bench.admit(pod, isDryRun: true)
    #expect(bench.hostPorts.report.held == 0)
    #expect(try bench.admit(pod).patch == dry.patch)
    #expect(bench.hostPorts.report.held == 2)
  }

  @Test("does nothing for a type that no plugin has, or whose provider is off")
  func otherTypes() throws {
    let bench = AdmissionBench()
    #expect(try bench.admit(bench.pod("kubernetes-hostport", ["ContainerPorts": "game:80"])).patch.isEmpty)
    let registry = PluginRegistryTests.registry(ProviderConfiguration())
    var editor = PodEditor(try bench.pod(type, ["ContainerPorts": "game:80"]))
    #expect(
      try registry.admit(&editor, podKey: editor.pod.key, isDryRun: false, cluster: bench.store).isEmpty)
    #expect(editor.patch.isEmpty)
  }
}
