import ClusterSemantics
import Foundation
import JSON
import KubeClient
import Kubernetes
import SimulatedCluster
import TestSupport
import Testing

/// The real `kubectl`.
enum Kubectl {
  /// Where it is; nil where there is none.
  static let program: String? = RealCluster.assets.map { "\($0)/kubectl" }
    .flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil }
}

/// The manager against a real kube-apiserver; the nodes and OpenKruise are simulated, as clients of it.
@Suite(.serialized, .enabled(if: Kubectl.program != nil, Comment(rawValue: RealCluster.explanation)))
struct RealManagerTests {
  @Test("turns a set into servers, passes the check, and gives its lease up at the end")
  func wholeProduct() async throws {
    let folder = try SimulatedClusterProcess.TemporaryFolder()
    let cluster = try await prepare(folder)
    let life = Task { await OutsideSimulation(cluster.client).run(nodes: 3) }
    defer { life.cancel() }
    // The manager has no more rights than the manifests give it.
    let manager = try ManagerUnderTest(TestCluster(kubeconfig: "\(cluster.kubeconfig).manager", cluster.configuration))
    do {
      try await play(cluster, manager)
    } catch {
      Issue.record("\(error)\n\(manager.process.standardError)")
    }
    try await clean(cluster)
  }

  private func play(_ cluster: TestCluster, _ manager: ManagerUnderTest) async throws {
    try await cluster.waitForRegistration()
    try await cluster.client.create(.gameServerSets, namespace: "default", TestCluster.set("arena", replicas: 3))
    try await cluster.wait("three servers are ready") {
      try await cluster.states("arena") == ["Ready", "Ready", "Ready"]
    }
    let check = try Program.run(["check", "--kubeconfig", cluster.kubeconfig])
    #expect(check.exit == .code(0), "\(check.standardOutput)")
    #expect(check.standardOutput.contains("a pod gets its labels"))

    try await cluster.client.patch(
      .gameServerSets, NamespacedName("default", "arena"), .merge(["spec": ["replicas": 1]]))
    try await cluster.wait("one server is left") { try await cluster.states("arena") == ["Ready"] }
    // The API server goes away and comes back: the watches resume, and the work goes on.
    let server = try await RealCluster.shared.server()
    try await server.perform?(.stop)
    try await server.perform?(.start)
    try await cluster.client.patch(
      .gameServerSets, NamespacedName("default", "arena"), .merge(["spec": ["replicas": 2]]))
    try await cluster.wait("the second server is back") { try await cluster.states("arena") == ["Ready", "Ready"] }

    for scenario in UserScenario.dozen { try await scenario.run(cluster) }
    manager.process.send(15)
    #expect(try manager.process.waitForExit() == .code(0), "\(manager.process.standardError)")
    #expect(try await cluster.leader().isEmpty)
  }

  /// The shared real cluster with the types in it, and a kubeconfig of its administrator.
  private func prepare(_ folder: SimulatedClusterProcess.TemporaryFolder) async throws -> TestCluster {
    let configuration = try await RealCluster.shared.server().configuration
    guard case .file(let authority) = configuration.endpoint.trust,
      case .files(let certificate, let key) = configuration.credentials.identity
    else { throw TestCluster.Late(description: "the cluster's administrator has no files") }
    let account = "system:serviceaccount:\(TestCluster.namespace)"
    let impersonation =
      ", as: \(account):kruise-game-controller-manager, "
      + "as-groups: [system:authenticated, \(account.replacing("account", with: "accounts"))]"
    func kubeconfig(_ user: String) -> String {
      """
      apiVersion: v1
      kind: Config
      current-context: real
      clusters: [{name: real, cluster: {server: "\(configuration.endpoint.server)", certificate-authority: \(authority)}}]
      users: [{name: admin, user: {client-certificate: \(certificate), client-key: \(key)\(user)}}]
      contexts: [{name: real, context: {cluster: real, user: admin}}]
      """
    }
    let path = try folder.directory.write("kubeconfig", kubeconfig(""))
    try folder.directory.write("kubeconfig.manager", kubeconfig(impersonation))
    let cluster = TestCluster(kubeconfig: path, configuration)
    try Self.kubectl(cluster, "apply")
    for type in OpenTypes.kruise {
      try await cluster.client.create(.customResourceDefinitions, namespace: "", type)
    }
    for name in Self.types {
      try await cluster.wait("\(name) is served") {
        let conditions = try await cluster.find(.customResourceDefinitions, "", name)?.json["status"]?["conditions"]
        return conditions?.elements.contains {
          $0["type"]?.isString("Established") == true && $0["status"]?.isString("True") == true
        } ?? false
      }
    }
    return cluster
  }

  /// Does something with the manifests that the manager needs, its Deployment left out.
  private static func kubectl(_ cluster: TestCluster, _ verb: String...) throws {
    let files = [
      "base/namespace.yaml", "crds/game.kruise.io_gameservers.yaml", "crds/game.kruise.io_gameserversets.yaml",
      "base/serviceaccount.yaml", "base/roles.yaml", "overlays/managed/registration-roles.yaml",
    ]
    let deploy = "\(try Program.root())/deploy"
    let output = try ChildProcess.run(
      try #require(Kubectl.program),
      ["--kubeconfig", cluster.kubeconfig] + verb + files.flatMap { ["-f", "\(deploy)/\($0)"] })
    #expect(output.exit == .code(0), "\(output.standardError)")
  }

  private static let types = [
    "gameserversets.game.kruise.io", "gameservers.game.kruise.io", "statefulsets.apps.kruise.io",
    "podprobemarkers.apps.kruise.io",
  ]

  /// Leaves the cluster to the next suite as it was.
  private func clean(_ cluster: TestCluster) async throws {
    for (resource, name) in [
      (Resource.mutatingWebhookConfigurations, "kruise-game-mutating-webhook"),
      (.validatingWebhookConfigurations, "kruise-game-validating-webhook"),
    ] {
      try await cluster.client.delete(resource, NamespacedName("", name))
    }
    try Self.kubectl(cluster, "delete", "--ignore-not-found")
    for name in ["statefulsets.apps.kruise.io", "podprobemarkers.apps.kruise.io"] {
      try await cluster.client.delete(.customResourceDefinitions, NamespacedName("", name))
    }
    try await cluster.client.deleteAll(
      .pods, namespace: "default", labelSelector: GameLabels.ownerSet, DeleteOptions(gracePeriodSeconds: 0))
    for node in try await cluster.client.list(.nodes, namespace: nil, labelSelector: "", fieldSelector: "") {
      try await cluster.client.delete(.nodes, node.key)
    }
  }
}
