import JSON
import KubeClient
import Kubernetes
import TestSupport
import Testing

/// The whole product in one process, against a simulated cluster in another.
@Suite(.serialized) struct ManagerTests {
  @Test("turns a set into servers with ports, and shows them in its metrics")
  func servers() async throws {
    let simulated = try await SimulatedClusterProcess()
    let cluster = simulated.cluster
    let manager = try ManagerUnderTest(cluster)
    #expect(try manager.status("/readyz") == "200")
    try await cluster.waitForRegistration()
    try await cluster.client.create(.gameServerSets, namespace: "default", TestCluster.set("arena", replicas: 3))
    try await cluster.wait("three servers are ready") {
      try await cluster.states("arena") == ["Ready", "Ready", "Ready"]
    }
    let pods = try await cluster.client.list(.pods, namespace: "default", labelSelector: "", fieldSelector: "")
    let ports = pods.compactMap { $0.json["spec"]?["containers"]?[0]?["ports"]?[0]?["hostPort"]?.int }
    #expect(ports.count == 3)
    #expect(ports.allSatisfy { (8000...9000).contains($0) })
    #expect(try manager.metric(#"okg_gameservers_state_count{state="Ready"}"#) == 3)
    #expect(try manager.metric("gatehouse_leader") == 1)
    try await cluster.client.patch(
      .gameServerSets, NamespacedName("default", "arena"), .merge(["spec": ["replicas": 1]]))
    try await cluster.wait("one server is left") { try await cluster.states("arena") == ["Ready"] }
  }

  @Test("refuses, through the API server, what validation refuses")
  func refusal() async throws {
    let simulated = try await SimulatedClusterProcess()
    let manager = try ManagerUnderTest(simulated.cluster)
    try await simulated.cluster.waitForRegistration()
    var set = TestCluster.set("arena", replicas: 1)
    set["spec"]?["reserveGameServerIds"] = [1, 1]
    let error = await #expect(throws: KubernetesError.self) {
      try await simulated.cluster.client.create(.gameServerSets, namespace: "default", set)
    }
    #expect(error?.message.contains("vgameserverset.kb.io") == true, "\(String(describing: error))")
    _ = manager
  }

  @Test("repairs what somebody changes in its registration")
  func drift() async throws {
    let simulated = try await SimulatedClusterProcess()
    let cluster = simulated.cluster
    let manager = try ManagerUnderTest(cluster)
    try await cluster.waitForRegistration()
    let key = NamespacedName("", "kruise-game-mutating-webhook")
    try await cluster.client.delete(.mutatingWebhookConfigurations, key)
    try await cluster.wait("the configuration is back") {
      try await cluster.find(.mutatingWebhookConfigurations, "", key.name) != nil
    }
    _ = manager
  }

  @Test("hands over on SIGTERM in the middle of creations: no write is refused, and the lease is free")
  func handOver() async throws {
    let simulated = try await SimulatedClusterProcess(["--nodes", "10"])
    let cluster = simulated.cluster
    let first = try ManagerUnderTest(cluster, .service)
    try await cluster.lead(to: first)
    try await cluster.waitForRegistration()
    let second = try ManagerUnderTest(cluster, .service)
    #expect(try second.status("/readyz") == "200")
    let leader = try await cluster.leader()

    async let creations = create(200, in: cluster)
    try await cluster.wait("creations are under way") {
      try await cluster.find(.pods, "default", "load-20") != nil
    }
    // As in a cluster: first the endpoint goes, then the process is told.
    try await cluster.lead(to: second)
    first.process.send(15)
    #expect(try first.process.waitForExit() == .code(0), "\(first.process.standardError)")
    #expect(!first.process.standardError.contains("was not given up"))
    #expect(try await creations == 200)
    try await cluster.wait("the second replica leads") {
      let now = try await cluster.leader()
      return !now.isEmpty && now != leader
    }
    let unreviewed = try await cluster.client.list(
      .pods, namespace: "default", labelSelector: "!\(GameLabels.opsState)", fieldSelector: "")
    #expect(unreviewed.isEmpty)
  }

  @Test("is taken over within the lease when it is killed, and the work goes on")
  func takeOver() async throws {
    let simulated = try await SimulatedClusterProcess()
    let cluster = simulated.cluster
    let first = try ManagerUnderTest(cluster, .service, ["--lease-seconds", "3"])
    try await cluster.lead(to: first)
    try await cluster.waitForRegistration()
    let second = try ManagerUnderTest(cluster, .service, ["--lease-seconds", "3"])
    #expect(try second.metric("gatehouse_leader") == 0)
    let leader = try await cluster.leader()
    try await cluster.client.create(.gameServerSets, namespace: "default", TestCluster.set("arena", replicas: 2))

    first.process.send(9)
    try await cluster.lead(to: second)
    try await cluster.wait("the second replica leads") { try await cluster.leader() != leader }
    try await cluster.wait("the servers are ready") { try await cluster.states("arena") == ["Ready", "Ready"] }
    #expect(try second.metric("gatehouse_leader") == 1)
  }

  @Test("writes nothing but its lease while nothing happens")
  func quiet() async throws {
    let simulated = try await SimulatedClusterProcess()
    let cluster = simulated.cluster
    let manager = try ManagerUnderTest(cluster, .url, ["--lease-seconds", "3"])
    try await cluster.waitForRegistration()
    try await cluster.client.create(.gameServerSets, namespace: "default", TestCluster.set("arena", replicas: 3))
    try await cluster.wait("three servers are ready") {
      try await cluster.states("arena") == ["Ready", "Ready", "Ready"]
    }
    // Servers settle for a while after they are ready; then two looks, five renewals apart, see the same writes.
    var writes = -1.0
    try await cluster.wait("the writes come to an end") {
      let renewals = try manager.renewals()
      let before = try manager.writes()
      try await cluster.wait("five renewals") { try manager.renewals() >= renewals + 5 }
      writes = try manager.writes()
      return writes == before
    }
    #expect(writes > 0)
  }

  @Test("takes the pair of a folder where somebody else registers")
  func ownCertificates() async throws {
    let simulated = try await SimulatedClusterProcess()
    let cluster = simulated.cluster
    let certificates = simulated.folder.directory.file("certs")
    let manager = try ManagerUnderTest(
      cluster, .service, ["--webhook-registration", "none", "--cert-dir", certificates])
    let output = try ChildProcess.run(
      "curl",
      ["-s", "--cacert", "\(certificates)/ca.crt", "-o", "/dev/null", "-w", "%{http_code}"]
        + ["-H", "Content-Type: application/json", "-d", "{}", "https://\(manager.https)/mutate-v1-pod"])
    #expect(output.standardOutput == "400", "\(output.standardError)")
    try await cluster.wait("the manager leads") { try await !cluster.leader().isEmpty }
    #expect(try await cluster.find(.mutatingWebhookConfigurations, "", "kruise-game-mutating-webhook") == nil)
    #expect(try await cluster.find(.secrets, TestCluster.namespace, "kruise-game-webhook-certs") == nil)
  }

  /// Creates pods one after the other, each of which is reviewed; answers how many were accepted.
  private func create(_ count: Int, in cluster: TestCluster) async throws -> Int {
    for number in 0..<count {
      try await cluster.client.create(
        .pods, namespace: "default", TestCluster.pod("load-\(number)", of: "load"))
    }
    return count
  }
}
