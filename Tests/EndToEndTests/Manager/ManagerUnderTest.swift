import JSON
import KubeClient
import Kubernetes
import TestSupport

/// A running `gatehouse manager` on free ports.
final class ManagerUnderTest: Sendable {
  let process: ChildProcess
  /// `host:port` of the admission port.
  let https: String
  /// `host:port` of the plain port.
  let health: String
  /// `host:port` of the plain port for metrics only, where there is one.
  let metrics: String?

  /// How the API server reaches it.
  enum Registration {
    /// At its own address.
    case url
    /// Through the Service of the shipped manifests.
    case service
  }

  /// Starts a manager and waits until it is ready.
  convenience init(_ cluster: TestCluster, _ registration: Registration = .url, _ arguments: [String] = []) throws {
    let url = registration == .url ? ["--webhook-url", "https://127.0.0.1"] : []
    try self.init(
      started: ChildProcess(
        Program.path(),
        ["manager", "--kubeconfig", cluster.kubeconfig, "--webhook-port", "0", "--health-port", "0"]
          + ["--bind-address", "127.0.0.1", "--drain-grace", "0"] + url + arguments))
  }

  /// Waits until a manager that was started is ready.
  init(started: ChildProcess) throws {
    process = started
    let line = try process.line(startingWith: "ready ")
    let fields = line.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    func field(_ name: String) -> String { fields.first { $0.first == name && $0.count == 2 }?[1] ?? "" }
    (https, health) = (field("https"), field("health"))
    metrics = field("metrics").isEmpty ? nil : field("metrics")
  }

  /// Status of a path of a plain port; without an address, that of the probes.
  func status(_ path: String, at address: String? = nil) throws -> String {
    try ChildProcess.run(
      "curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", "http://\(address ?? health)\(path)"]
    ).standardOutput
  }

  /// A metric's value; nil where there is none of that name and labels.
  func metric(_ series: String) throws -> Double? {
    try sum { $0 == series }
  }

  /// How often it has asked the API server to change something, its lease left out.
  func writes() throws -> Double {
    let verbs = ["create", "update", "patch", "delete"].map { "verb=\"\($0)\"" }
    return try sum { series in
      series.hasPrefix("gatehouse_api_requests_total{") && verbs.contains { series.contains($0) }
        && !series.contains(#"resource="leases""#)
    } ?? 0
  }

  /// How many keys a controller has worked on.
  func passes(_ controller: String) throws -> Double {
    try sum { $0.hasPrefix(#"gatehouse_reconciles_total{controller="\#(controller)""#) } ?? 0
  }

  /// How often it has renewed its lease.
  func renewals() throws -> Double {
    try sum { $0.hasPrefix("gatehouse_api_requests_total{") && $0.contains(#"resource="leases",verb="patch""#) } ?? 0
  }

  /// The sum of the series that are chosen; nil where there is none.
  private func sum(_ isChosen: (Substring) -> Bool) throws -> Double? {
    let text = try ChildProcess.run("curl", ["-s", "http://\(health)/metrics"]).standardOutput
    let values = text.split(separator: "\n").compactMap { line -> Double? in
      guard let space = line.lastIndex(of: " "), isChosen(line[..<space]) else { return nil }
      return Double(line[line.index(after: space)...])
    }
    return values.isEmpty ? nil : values.reduce(0, +)
  }

  /// The port of the admission port.
  var port: Int { https.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
}

extension TestCluster {
  /// Makes the webhook Service lead to this manager, as the cluster does with ready pods.
  func lead(to manager: ManagerUnderTest) async throws { try await lead(to: [manager]) }

  /// Makes the webhook Service lead to these managers, as the cluster does with ready pods.
  func lead(to managers: [ManagerUnderTest]) async throws {
    let name = "kruise-game-webhook-service"
    if try await find(.services, Self.namespace, name) == nil {
      let service: JSONValue = [
        "metadata": ["name": .string(name), "namespace": .string(Self.namespace)],
        "spec": ["ports": [["port": 443, "protocol": "TCP"]]],
      ]
      try await client.create(.services, namespace: Self.namespace, service)
    }
    // A subset for each: on one machine they differ by their ports.
    let subsets = JSONValue.array(
      managers.map {
        ["addresses": [["ip": "127.0.0.1"]], "ports": [["port": .int($0.port), "protocol": "TCP"]]]
      })
    if try await find(.endpoints, Self.namespace, name) == nil {
      let endpoints: JSONValue = [
        "metadata": ["name": .string(name), "namespace": .string(Self.namespace)], "subsets": subsets,
      ]
      try await client.create(.endpoints, namespace: Self.namespace, endpoints)
    } else {
      try await client.patch(.endpoints, NamespacedName(Self.namespace, name), .merge(["subsets": subsets]))
    }
  }
}
