import JSON
import KubeClient
import Kubernetes
import TestSupport

/// A cluster that the program is pointed at, and what an administrator does with it.
struct TestCluster: Sendable {
  /// A condition that did not come true in time.
  struct Late: Error, CustomStringConvertible {
    let description: String
  }

  /// The product's own namespace.
  static let namespace = "kruise-game-system"

  /// The kubeconfig that the program gets.
  let kubeconfig: String
  /// How the administrator reaches it.
  let configuration: ClientConfiguration
  /// The administrator.
  let client: KubeClient

  init(kubeconfig: String, _ configuration: ClientConfiguration) {
    (self.kubeconfig, self.configuration) = (kubeconfig, configuration)
    var configuration = configuration
    // Loopback, whatever the environment says of proxies; a test asks as often as it likes.
    configuration.endpoint.proxy = ""
    configuration.limits.queriesPerSecond = 0
    client = KubeClient(configuration)
  }

  /// Makes a namespace; one that is there is no error.
  func makeNamespace(_ name: String) async throws {
    do throws(KubernetesError) {
      try await client.create(.namespaces, namespace: "", ["metadata": ["name": .string(name)]])
    } catch {
      guard error.code == .alreadyExists else { throw error }
    }
  }

  /// A set of servers with a port of their node each.
  static func set(_ name: String, replicas: Int) -> JSONValue {
    [
      "apiVersion": "game.kruise.io/v1alpha1", "kind": "GameServerSet",
      "metadata": ["name": .string(name), "namespace": "default"],
      "spec": [
        "replicas": .int(replicas),
        "network": [
          "networkType": "Kubernetes-HostPort", "networkConf": [["name": "ContainerPorts", "value": "game:7777/UDP"]],
        ],
        "gameServerTemplate": ["spec": ["containers": [["name": "game", "image": "game:1"]]]],
      ],
    ]
  }

  /// A pod as the workload controller would make it.
  static func pod(_ name: String, of set: String) -> JSONValue {
    [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": .string(name), "namespace": "default", "labels": [GameLabels.ownerSet: .string(set)],
      ],
      "spec": ["containers": [["name": "game", "image": "game:1"]]],
    ]
  }

  /// The states of the servers of a set, in the order of their names.
  func states(_ set: String) async throws -> [String] {
    let servers = try await client.list(
      .gameServers, namespace: "default", labelSelector: "\(GameLabels.ownerSet)=\(set)", fieldSelector: "")
    return servers.sorted { $0.name < $1.name }.map { $0.json["status"]?["currentState"]?.string ?? "" }
  }

  /// The pods of a set.
  func servers(_ set: String) async throws -> [KubernetesObject] {
    try await client.list(
      .pods, namespace: "default", labelSelector: "\(GameLabels.ownerSet)=\(set)", fieldSelector: "")
  }

  /// An object; nil where there is none.
  func find(_ resource: Resource, _ namespace: String, _ name: String) async throws -> KubernetesObject? {
    do throws(KubernetesError) {
      return try await client.get(resource, NamespacedName(namespace, name))
    } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
  }

  /// Who holds the lease of the controllers; empty for nobody.
  func leader() async throws -> String {
    try await find(.leases, Self.namespace, "game-kruise-manager")?.json["spec"]?["holderIdentity"]?.string ?? ""
  }

  /// Asks until a condition holds; only a failing test waits as long as it is patient.
  func wait(
    _ what: String, within patience: Duration = ChildProcess.patience, until condition: () async throws -> Bool
  ) async throws {
    let deadline = ContinuousClock.now.advanced(by: patience)
    while try await !condition() {
      guard ContinuousClock.now < deadline else { throw Late(description: "waited in vain: \(what)") }
    }
  }

  /// Waits until the webhooks are registered, from which on every write is reviewed.
  func waitForRegistration() async throws {
    try await wait("webhooks are registered") {
      let mutating = try await find(.mutatingWebhookConfigurations, "", "kruise-game-mutating-webhook")
      let validating = try await find(.validatingWebhookConfigurations, "", "kruise-game-validating-webhook")
      return mutating != nil && validating != nil
    }
  }
}
