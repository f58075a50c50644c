import JSON
import KubeClient
import Kubernetes
import TestSupport
import Testing

/// `gatehouse ports` on manifests.
@Suite struct PortsCommandTests {
  private static func service(_ name: String, _ port: Int, owner: String) -> String {
    """
    ---
    apiVersion: v1
    kind: Service
    metadata:
      name: \(name)
      namespace: games
      uid: service-\(name)
      creationTimestamp: "2026-01-01T00:00:00Z"
      annotations: {kubernetes.io/elb.id: lb-1, game.kruise.io/network-config-hash: "1"}
      ownerReferences: [{apiVersion: v1, kind: Pod, name: \(name), uid: \(owner), controller: true}]
    spec:
      selector: {statefulset.kubernetes.io/pod-name: \(name)}
      ports: [{port: \(port), targetPort: 80, protocol: TCP}]

    """
  }

  private static let pods = ["arena-0", "arena-1"].map { name in
    """
    ---
    apiVersion: v1
    kind: Pod
    metadata:
      name: \(name)
      namespace: games
      uid: pod-\(name)
      labels: {game.kruise.io/owner-gss: arena}
      annotations: {game.kruise.io/network-type: HwCloud-ELB}
    spec: {containers: [{name: game, image: game}]}

    """
  }.joined()

  private func ports(_ text: String, _ arguments: [String]) throws -> ChildProcess.Output {
    let folder = try TemporaryDirectory()
    let path = try folder.write("objects.yaml", text)
    return try Program.run(["ports", "--objects", path] + arguments)
  }

  @Test("lists who holds what, and ends with 0 where nothing is wrong", arguments: [[], ["--fsck"]])
  func lists(arguments: [String]) throws {
    let output = try ports(Self.pods + Self.service("arena-0", 500, owner: "pod-arena-0"), arguments)
    #expect(output.exit == .code(0), "\(output)")
    #expect(
      output.standardOutput.contains("lb-1           500   TCP        games/arena-0  games/arena-0  HwCloud-ELB\n"),
      "\(output.standardOutput)")
    #expect(output.standardOutput.contains("lb-1: 1 of 201 held in [hwcloud.elb]\n"))
    #expect(output.standardOutput.contains("found: 0 leaked, 0 held twice") == !arguments.isEmpty)
  }

  @Test("ends with 1 where ports leak or are held twice, and says which")
  func findings() throws {
    let text =
      Self.pods + Self.service("arena-0", 500, owner: "pod-arena-0")
      + Self.service("arena-1", 500, owner: "pod-arena-1") + Self.service("arena-2", 501, owner: "pod-arena-2")
    #expect(try ports(text, []).exit == .code(0))
    let output = try ports(text, ["--fsck"])
    #expect(output.exit == .code(1))
    #expect(
      output.standardOutput.contains("held twice: Service games/arena-1: 500/TCP of lb-1 is also of games/arena-0"))
    #expect(output.standardOutput.contains("leaked: Service games/arena-2: pod games/arena-2 is gone"))
    let json = try ports(text, ["--fsck", "-o", "json"])
    #expect(json.exit == .code(1))
    #expect(json.standardOutput.contains(#""findings":[{"kind":"double","service":"games/arena-1""#))
  }

  @Test("minds the ranges of a file, and mends only in a cluster")
  func options() throws {
    let folder = try TemporaryDirectory()
    let file = try folder.write(
      "config.toml",
      """
      [hwcloud]
      enable = true
      [hwcloud.elb]
      min_port = 600
      max_port = 700
      [hwcloud.cce.elb]
      min_port = 32768
      max_port = 65535
      """)
    let text = Self.pods + Self.service("arena-0", 500, owner: "pod-arena-0")
    let output = try ports(text, ["--fsck", "--provider-config", file])
    #expect(output.exit == .code(1))
    #expect(output.standardOutput.contains("out of range: Service games/arena-0: 500 of lb-1"), "\(output)")
    let refused = try ports(text, ["--repair"])
    #expect(refused.exit == .code(2))
    #expect(refused.standardError.contains("--repair needs a cluster"))
  }

  /// A Service of HwCloud-ELB in a cluster.
  private static func live(_ name: String, _ port: Int, owner: KubernetesObject?) -> JSONValue {
    var service: JSONValue = [
      "apiVersion": "v1", "kind": "Service",
      "metadata": [
        "name": .string(name),
        "annotations": ["kubernetes.io/elb.id": "lb-1", "game.kruise.io/network-config-hash": "1"],
      ],
      "spec": [
        "selector": ["statefulset.kubernetes.io/pod-name": .string(name)],
        "ports": [["port": .int(port), "targetPort": 80, "protocol": "TCP"]],
      ],
    ]
    if let owner { service["metadata"]?["ownerReferences"] = [OwnerReference(.pods, owner).value] }
    return service
  }

  @Test("deletes leaked Services and one of two on a port, and nothing else")
  func repairs() async throws {
    let simulated = try await SimulatedClusterProcess()
    let client = simulated.cluster.client
    for (name, port) in [("arena-0", 500), ("arena-1", 500), ("arena-2", 502)] {
      var pod = TestCluster.pod(name, of: "arena")
      pod["metadata"]?["annotations"] = ["game.kruise.io/network-type": "HwCloud-ELB"]
      let made = try await client.create(.pods, namespace: "default", pod)
      try await client.create(.services, namespace: "default", Self.live(name, port, owner: made))
    }
    try await client.create(.services, namespace: "default", Self.live("arena-9", 509, owner: nil))
    let before = try Program.run(["ports", "--fsck", "--kubeconfig", simulated.cluster.kubeconfig])
    #expect(before.exit == .code(1), "\(before)")
    let repair = try Program.run(["ports", "--repair", "--kubeconfig", simulated.cluster.kubeconfig])
    #expect(repair.exit == .code(0), "\(repair)")
    #expect(repair.standardOutput.contains("deleted: the manager makes it anew on a free port"), "\(repair)")
    let left = try await client.list(.services, namespace: "default", labelSelector: "", fieldSelector: "")
    let names = left.map(\.name).filter { $0.hasPrefix("arena") }.sorted()
    #expect(names == ["arena-0", "arena-2"])
    let after = try Program.run(["ports", "--fsck", "--kubeconfig", simulated.cluster.kubeconfig])
    #expect(after.exit == .code(0), "\(after)")
  }
}
