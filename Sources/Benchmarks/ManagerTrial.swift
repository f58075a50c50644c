import Glibc
import JSON
import KubeClient
import Kubernetes

/// A simulated cluster as a process of its own, and managers that work on it as processes of theirs.
final class ManagerTrial {
  /// Game servers of each set.
  static let setSize = 100
  private static let namespace = "default"
  private static let leaseKey = NamespacedName("kruise-game-system", "game-kruise-manager")

  private let program: String
  private let kubeconfig: String
  private let cluster: ChildProcess
  private let client: KubeClient

  /// Starts the cluster.
  ///
  /// - Parameter program: the path of `gatehouse`.
  init(program: String, servers: Int, speed: Int) async throws {
    self.program = program
    kubeconfig = "/tmp/gatehouse-benchmark-\(getpid())-\(UInt32.random(in: 0 ... .max)).kubeconfig"
    cluster = try ChildProcess(
      program,
      [
        "simulate", "--plain", "--nodes", "\(servers / 50 + 1)", "--speed", "\(speed)", "--kubeconfig", kubeconfig,
      ])
    guard let server = try cluster.ready()["server"] else { throw BenchmarkFailure("the cluster has no address") }
    client = Self.client(of: server)
    let namespace: JSONValue = ["metadata": ["name": .string(Self.leaseKey.namespace)]]
    _ = try await client.create(.namespaces, namespace: "", namespace)
  }

  /// Ends the cluster.
  func end() {
    client.shutDown()
    cluster.kill()
    unsafe unlink(kubeconfig)
  }

  private static func client(of server: String) -> KubeClient {
    let limits = ClientLimits(queriesPerSecond: 0)
    let credentials = Credentials(authorization: .token("system:admin"))
    return KubeClient(ClientConfiguration(endpoint: Endpoint(server: server), credentials: credentials, limits: limits))
  }

  /// Starts a manager and waits until it is ready.
  ///
  /// - Parameter apiQPS: requests per second that it may send; 0 is its own limit.
  func startManager(apiQPS: Int) throws -> RunningManager {
    let process = try ChildProcess(
      program,
      [
        "manager", "--kubeconfig", kubeconfig, "--bind-address", "127.0.0.1", "--webhook-port", "0", "--health-port",
        "0",
        "--webhook-url", "https://127.0.0.1", "--api-qps", "\(apiQPS)",
      ])
    guard let health = try process.ready()["health"] else { throw BenchmarkFailure("the manager has no address") }
    return RunningManager(process: process, client: Self.client(of: "http://\(health)"))
  }

  /// Creates a set of game servers.
  func createSet(_ index: Int) async throws {
    let name = "game-\(index)"
    let set: JSONValue = [
      "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet", "metadata": ["name": .string(name)],
      "spec": [
        "replicas": .int(Self.setSize),
        "updateStrategy": ["rollingUpdate": ["podUpdatePolicy": "InPlaceIfPossible", "maxUnavailable": "100%"]],
        "gameServerTemplate": [
          "metadata": ["labels": ["app": .string(name)]], "spec": ["containers": Self.containers("game:1")],
        ],
      ],
    ]
    _ = try await client.create(.gameServerSets, namespace: Self.namespace, set)
  }

  /// Gives a set's servers another image, in place.
  func update(_ index: Int, image: String) async throws {
    let spec: JSONValue = ["gameServerTemplate": ["spec": ["containers": Self.containers(image)]]]
    _ = try await client.patch(
      .gameServerSets, NamespacedName(Self.namespace, "game-\(index)"), .merge(["spec": spec]))
  }

  private static func containers(_ image: String) -> JSONValue {
    [["name": "game", "image": .string(image)], ["name": "metrics", "image": "metrics:1"]]
  }

  /// How many game servers of a set run the image and are shown as ready.
  func readyServers(_ index: Int, image: String) async throws -> Int {
    let pods = try await client.list(
      .pods, namespace: Self.namespace, labelSelector: "\(GameLabels.ownerSet)=game-\(index)", fieldSelector: "")
    return pods.map { $0.as(Pod.self) }.count { pod in
      pod.metadata.labels.has(GameLabels.state, "Ready") && pod.containerStatuses.contains { $0.image == image }
    }
  }

  /// The image in a set's workload.
  func workloadImage(_ index: Int) async throws -> String? {
    let workload = try await client.get(.advancedStatefulSets, NamespacedName(Self.namespace, "game-\(index)"))
    return workload.json["spec"]?["template"]?["spec"]?["containers"]?[0]?["image"]?.string
  }

  /// Who leads; nil where nobody does.
  func leader() async throws -> String? {
    try await client.get(.leases, Self.leaseKey).json["spec"]?["holderIdentity"]?.string.flatMap {
      $0.isEmpty ? nil : $0
    }
  }
}

/// A manager that runs.
struct RunningManager {
  let process: ChildProcess
  private let client: KubeClient

  init(process: ChildProcess, client: KubeClient) {
    self.process = process
    self.client = client
  }

  /// Ends the manager at once.
  func kill() {
    process.kill()
    client.shutDown()
  }

  /// What it took so far.
  func reading() async throws -> ManagerReading {
    // First, because the answer below is work too.
    let (cpu, resident) = (process.cpu, process.resident)
    let text = String(decoding: try await client.read(path: "/metrics"), as: UTF8.self)
    let verbs = ["create", "update", "patch", "delete"]
    let writes = text.split(separator: "\n").filter { line in
      line.hasPrefix("gatehouse_api_requests_total{") && !line.contains("leases")
        && verbs.contains { line.contains("verb=\"\($0)\"") }
    }
    let count = writes.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    return ManagerReading(cpu: cpu, resident: resident, writes: count)
  }

  /// Waits until there is nothing more to do: three quiet looks in a row, a second apart.
  func waitUntilQuiet() async throws {
    var (quiet, last) = (0, process.cpu)
    while quiet < 3 {
      try await Task.sleep(for: .seconds(1))
      let now = process.cpu
      // The lease and the watches take about a hundredth of that.
      quiet = now - last <= .milliseconds(10) ? quiet + 1 : 0
      last = now
    }
  }
}

/// What a manager had used at a moment.
struct ManagerReading {
  let cpu: Duration
  let resident: Int
  let writes: Double
}
