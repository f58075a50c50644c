import ClusterSemantics
import Foundation
import HTTPServer
import SimulatedCluster
import Synchronization
import TLS
import TestSupport
import Testing

/// The real `kubectl` against the simulated cluster over TLS, as a person uses it.
@Suite(.serialized, .enabled(if: KubectlBench.program != nil, "no kubectl among the programs of the real API server"))
struct KubectlTests {
  @Test("kubectl finds what the cluster serves")
  func discovery() async throws {
    let bench = try await KubectlBench.shared.ready()
    let resources = try bench.run("api-resources", "--no-headers")
    #expect(resources.contains("pods"))
    #expect(resources.contains("game.kruise.io"))
    #expect(try bench.run("version", "--short").contains("Server Version: v1.33.0"))
    #expect(try bench.run("auth", "can-i", "create", "pods") == "yes\n")
  }

  @Test("kubectl applies, shows, waits for and deletes a pod and a Service")
  func pod() async throws {
    let bench = try await KubectlBench.shared.ready()
    let manifest = """
      apiVersion: v1
      kind: Pod
      metadata: {name: one, labels: {app: one}}
      spec: {containers: [{name: game, image: "game:1"}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: one}
      spec: {type: LoadBalancer, selector: {app: one}, ports: [{port: 80}]}
      """
    #expect(try bench.apply(manifest) == "pod/one created\nservice/one created\n")
    #expect(try bench.apply(manifest) == "pod/one unchanged\nservice/one unchanged\n")
    try bench.run("wait", "--for=condition=Ready", "pod/one", "--timeout=60s")
    let table = try bench.run("get", "pods", "-o", "wide", "--no-headers").split(separator: " ").map(String.init)
    #expect(Array(table.prefix(4)) == ["one", "1/1", "Running", "0"])
    #expect(table.contains { $0.hasPrefix("node-") })
    #expect(try bench.run("get", "services", "one").contains("LoadBalancer"))
    let newer = manifest.replacingOccurrences(of: "game:1", with: "game:2")
    #expect(try bench.apply(newer, "--dry-run=server").contains("pod/one configured (server dry run)"))
    #expect(try bench.run("get", "pod", "one", "-o", "jsonpath={.spec.containers[0].image}") == "game:1")
    #expect(try bench.apply(newer).contains("pod/one configured"))
    #expect(try bench.run("get", "pod", "one", "-o", "yaml").contains("image: game:2"))
    #expect(try bench.run("get", "pod", "one", "-o", "json").contains("\"image\": \"game:2\""))
    #expect(try bench.run("describe", "pod", "one").contains("Status:       Running"))
    #expect(try bench.run("delete", "pod", "one") == "pod \"one\" deleted\n")
    try bench.run("delete", "service", "one")
    #expect(try bench.fail("get", "pod", "one") == "Error from server (NotFound): pods \"one\" not found\n")
  }

  @Test("kubectl labels, annotates and patches in all three ways")
  func patches() async throws {
    let bench = try await KubectlBench.shared.ready()
    try bench.run("create", "configmap", "c", "--from-literal=a=1")
    #expect(try bench.run("label", "configmap", "c", "tier=gold") == "configmap/c labeled\n")
    #expect(try bench.run("annotate", "configmap", "c", "note=x") == "configmap/c annotated\n")
    for (type, patch) in [
      ("strategic", #"{"data":{"b":"2"}}"#), ("merge", #"{"data":{"c":"3"}}"#),
      ("json", #"[{"op":"add","path":"/data/d","value":"4"}]"#),
    ] {
      #expect(try bench.run("patch", "configmap", "c", "--type=\(type)", "-p", patch) == "configmap/c patched\n")
    }
    let data = try bench.run("get", "configmap", "-l", "tier=gold", "-o", "jsonpath={.items[*].data}")
    #expect(data == #"{"a":"1","b":"2","c":"3","d":"4"}"#)
    #expect(try bench.fail("label", "configmap", "c", "tier=silver").contains("already has a value"))
    try bench.run("delete", "configmap", "--all")
  }

  @Test("kubectl applies on the server's side, and a second manager has to force")
  func serverSideApply() async throws {
    let bench = try await KubectlBench.shared.ready()
    func manifest(_ value: String) -> String {
      "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"ssa\"}, \"data\": {\"a\": \"\(value)\"}}"
    }
    let mine = ["--server-side", "--field-manager=one"]
    let theirs = ["--server-side", "--field-manager=two"]
    #expect(try bench.apply(manifest("1"), mine) == "configmap/ssa serverside-applied\n")
    let refusal = try bench.fail(["apply", "-f", "-"] + theirs, input: manifest("2"))
    #expect(refusal.contains("conflict with \"one\""))
    #expect(refusal.contains(".data.a"))
    try bench.apply(manifest("2"), theirs + ["--force-conflicts"])
    #expect(try bench.run("get", "configmap", "ssa", "-o", "jsonpath={.data.a}") == "2")
    try bench.run("delete", "configmap", "ssa")
  }

  @Test("kubectl scales a workload, and its pods follow")
  func scale() async throws {
    let bench = try await KubectlBench.shared.ready()
    try bench.apply(
      """
      apiVersion: apps.kruise.io/v1beta1
      kind: StatefulSet
      metadata: {name: web}
      spec:
        replicas: 2
        serviceName: web
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: game, image: "game:1"}]}
      """)
    #expect(
      try bench.run("scale", "statefulsets.apps.kruise.io", "web", "--replicas=3")
        == "statefulset.apps.kruise.io/web scaled\n")
    let watch = try bench.start("get", "statefulsets.apps.kruise.io", "web", "--watch", "--no-headers")
    var line = try watch.nextLine() ?? ""
    while line.split(separator: " ").dropFirst().prefix(4) != ["3", "3", "3", "3"] {
      line = try #require(try watch.nextLine())
    }
    watch.send(SIGTERM)
    let pods = try bench.run("get", "pods", "-l", "app=web", "-o", "name").split(separator: "\n")
    #expect(pods == ["pod/web-0", "pod/web-1", "pod/web-2"])
    try bench.run("delete", "statefulsets.apps.kruise.io", "web", "--cascade=foreground")
    #expect(try bench.run("get", "pods", "-l", "app=web", "-o", "name") == "")
  }

  @Test("kubectl deletes a namespace with everything in it")
  func namespace() async throws {
    let bench = try await KubectlBench.shared.ready()
    try bench.run("create", "namespace", "inner")
    try bench.run("create", "configmap", "c", "-n", "inner")
    #expect(try bench.run("delete", "namespace", "inner") == "namespace \"inner\" deleted\n")
    #expect(try bench.fail("delete", "namespace", "default").contains("this namespace may not be deleted"))
  }
}

/// `kubectl` and a simulated cluster for it.
actor KubectlBench {
  static let shared = KubectlBench()

  /// The program; nil where it is not installed.
  static let program: String? = RealCluster.assets.map { "\($0)/kubectl" }
    .flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil }

  /// A way to call the program that any test may use.
  struct Ready: Sendable {
    let program: String
    let environment: [String: String]

    @discardableResult
    func run(_ arguments: String...) throws -> String { try run(arguments, input: "") }

    @discardableResult
    func apply(_ manifest: String, _ more: String...) throws -> String { try apply(manifest, more) }

    @discardableResult
    func apply(_ manifest: String, _ more: [String]) throws -> String {
      try run(["apply", "-f", "-"] + more, input: manifest)
    }

    /// What it says when it fails, which it has to.
    func fail(_ arguments: String...) throws -> String { try fail(arguments, input: "") }

    func fail(_ arguments: [String], input: String) throws -> String {
      let output = try ChildProcess.run(program, arguments, input: Array(input.utf8), environment: environment)
      #expect(output.exit == .code(1), "kubectl \(arguments.joined(separator: " ")): \(output.standardOutput)")
      return output.standardError
    }

    func start(_ arguments: String...) throws -> ChildProcess {
      try ChildProcess(program, arguments, environment: environment)
    }

    private func run(_ arguments: [String], input: String) throws -> String {
      let output = try ChildProcess.run(program, arguments, input: Array(input.utf8), environment: environment)
      #expect(output.exit == .code(0), "kubectl \(arguments.joined(separator: " ")): \(output.standardError)")
      return output.standardOutput
    }
  }

  private var running: (cluster: LiveCluster, ready: Ready, life: Task<Void, Never>)?
  private let folder = FileManager.default.temporaryDirectory.appending(path: "kubectl-\(UUID().uuidString)").path

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func ready() async throws -> Ready {
    if let running { return running.ready }
    let authority = try Identity.makeAuthority(commonName: "simulation", validity: .seconds(3600))
    let pair = try authority.issueServing(
      commonName: "kubernetes", names: [try AlternativeName("127.0.0.1")], validity: .seconds(3600))
    var settings = LiveCluster.Settings()
    settings.speed = 20
    settings.security = ServerSecurity(certificatePEM: try pair.certificatePEM(), keyPEM: try pair.keyPEM())
    let cluster = try LiveCluster(settings)
    let server = "https://\(try cluster.start())"
    let life = Task { await cluster.run() }
    try await cluster.install(OpenTypes.kruise + OpenTypes.games)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let configuration = """
      apiVersion: v1
      kind: Config
      current-context: s
      clusters: [{name: s, cluster: {server: "\(server)", certificate-authority: "\(folder)/ca.crt"}}]
      contexts: [{name: s, context: {cluster: s, user: u}}]
      users: [{name: u, user: {token: any}}]
      """
    try Data(try authority.certificatePEM()).write(to: URL(filePath: "\(folder)/ca.crt"))
    try Data(configuration.utf8).write(to: URL(filePath: "\(folder)/config"))
    let program = try #require(Self.program)
    let ready = Ready(program: program, environment: ["KUBECONFIG": "\(folder)/config", "HOME": folder])
    running = (cluster, ready, life)
    return ready
  }
}
