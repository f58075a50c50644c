import JSON
import KubeClient
import Kubernetes
import TestSupport
import Testing

/// `gatehouse check`, before and after an installation, on a simulated cluster.
@Suite(.serialized) struct CheckTests {
  private struct Report {
    let exit: ChildProcess.Exit
    let lines: [JSONValue]

    /// The lines of an area with a verdict.
    func messages(_ area: String, _ verdict: String) -> [String] {
      lines.filter { $0["area"]?.string == area && $0["verdict"]?.string == verdict }
        .map { "\($0["message"]?.string ?? "") \($0["advice"]?.string ?? "")" }
    }

    var failures: [String] {
      lines.filter { $0["verdict"]?.string == "failed" }.map {
        "\($0["area"]?.string ?? ""): \($0["message"]?.string ?? "")"
      }
    }
  }

  private func check(_ cluster: TestCluster, _ arguments: [String] = []) throws -> Report {
    let output = try Program.run(["check", "--kubeconfig", cluster.kubeconfig, "-o", "json"] + arguments)
    let value = JSONValue(try JSONDocument(output.standardOutput).root)
    return Report(exit: output.exit, lines: value.array ?? [])
  }

  @Test("passes an empty cluster with notes, and one with a manager with all reviews")
  func passes() async throws {
    let simulated = try await SimulatedClusterProcess()
    let before = try check(simulated.cluster)
    #expect(before.exit == .code(0), "\(before.failures)")
    #expect(before.messages("service", "warned").count == 2)
    #expect(before.messages("review", "warned").count == 1)

    let manager = try ManagerUnderTest(simulated.cluster)
    try await simulated.cluster.waitForRegistration()
    let after = try check(simulated.cluster)
    #expect(after.exit == .code(0), "\(after.failures)")
    #expect(after.messages("review", "passed").count == 3)
    #expect(after.messages("certificate", "passed").count == 1)
    #expect(after.messages("service", "passed").first?.contains(manager.https) == true)
    // Nothing was stored.
    #expect(try await simulated.cluster.find(.gameServerSets, "default", "gatehouse-check") == nil)
  }

  @Test("fails where types are missing, and says what to install")
  func types() async throws {
    let simulated = try await SimulatedClusterProcess()
    for name in ["gameservers.game.kruise.io", "statefulsets.apps.kruise.io"] {
      try await simulated.cluster.client.delete(.customResourceDefinitions, NamespacedName("", name))
    }
    let report = try check(simulated.cluster)
    #expect(report.exit == .code(1))
    #expect(report.messages("types", "failed").first?.contains("deploy/crds") == true)
    #expect(report.messages("openkruise", "failed").first?.contains("helm install") == true)
  }

  @Test("tells the rights that a service account lacks, and passes with the roles of the manifests")
  func rights() async throws {
    let simulated = try await SimulatedClusterProcess()
    let account = ["--service-account", "kruise-game-controller-manager"]
    let before = try check(simulated.cluster, account)
    #expect(before.exit == .code(1))
    #expect(before.messages("rights", "failed").contains { $0.contains("watch") && $0.contains("gameserversets") })
    #expect(before.messages("rights", "failed").contains { $0.contains("kruise-game-webhook-certs") })

    let deploy = "\(try Program.root())/deploy"
    let roles = ["\(deploy)/base/roles.yaml", "\(deploy)/overlays/managed/registration-roles.yaml"]
    let installed = try await SimulatedClusterProcess(roles.flatMap { ["--objects", $0] })
    let after = try check(installed.cluster, account)
    #expect(after.messages("rights", "passed").count == 1, "\(after.lines)")
    #expect(after.exit == .code(0), "\(after.failures)")
  }

  @Test("fails for a webhook that keeps the product's pods from starting, and for a Service without endpoints")
  func deadlock() async throws {
    let simulated = try await SimulatedClusterProcess()
    let cluster = simulated.cluster
    let webhook: JSONValue = [
      "name": "greedy.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
      "clientConfig": ["service": ["namespace": "nowhere", "name": "greedy"]],
      "rules": [["apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]]],
    ]
    try await cluster.client.create(
      .validatingWebhookConfigurations, namespace: "", ["metadata": ["name": "greedy"], "webhooks": [webhook]])
    let report = try check(cluster)
    #expect(report.exit == .code(1))
    #expect(report.messages("deadlock", "failed").first?.contains("greedy.example.com of greedy") == true)
  }

  @Test("fails where the registered webhooks lead nowhere, and the API server cannot ask")
  func unreachable() async throws {
    let simulated = try await SimulatedClusterProcess()
    let cluster = simulated.cluster
    let manager = try ManagerUnderTest(cluster, .service)
    try await cluster.waitForRegistration()
    let report = try check(cluster)
    #expect(report.exit == .code(1))
    #expect(report.messages("service", "failed").first?.contains("is not there") == true)
    #expect(report.messages("review", "failed").first?.contains("could not ask") == true, "\(report.failures)")

    try await cluster.lead(to: manager)
    let mended = try check(cluster)
    #expect(mended.exit == .code(0), "\(mended.failures)")
    #expect(mended.messages("service", "passed").first?.contains("1 ready endpoint") == true)
  }

  @Test("ends after the first line where the API server does not answer")
  func noServer() throws {
    let folder = try TemporaryDirectory()
    let path = try folder.write(
      "kubeconfig",
      """
      {"current-context": "c", "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:9"}}],
       "contexts": [{"name": "c", "context": {"cluster": "c"}}]}
      """)
    let output = try Program.run(["check", "--kubeconfig", path])
    #expect(output.exit == .code(1))
    #expect(output.standardOutput.hasPrefix("failed  api server"))
    #expect(output.standardOutput.contains("0 passed, 0 warned, 1 failed"))
  }

  @Test("explains scaling from the cluster as from manifests")
  func scaling() async throws {
    let simulated = try await SimulatedClusterProcess()
    let manager = try ManagerUnderTest(simulated.cluster)
    try await simulated.cluster.waitForRegistration()
    try await simulated.cluster.client.create(
      .gameServerSets, namespace: "default", TestCluster.set("arena", replicas: 2))
    try await simulated.cluster.wait("the servers are ready") {
      try await simulated.cluster.states("arena") == ["Ready", "Ready"]
    }
    let arguments = ["scale", "explain", "--kubeconfig", simulated.cluster.kubeconfig]
    let output = try Program.run(arguments + ["default/arena", "--metadata", "minAvailable=3", "-o", "json"])
    #expect(output.standardOutput.contains("\"metric\":3"), "\(output)")
    let missing = try Program.run(arguments + ["default/nobody"])
    #expect(missing.exit == .code(2))
    #expect(missing.standardError.contains("was not found in https://127.0.0.1"))
    _ = manager
  }
}
