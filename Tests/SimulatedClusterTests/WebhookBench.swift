import JSON
import Kubernetes

@testable import SimulatedCluster

/// A cluster without a port, with webhooks in it.
struct WebhookBench {
  let server = SimulatedAPIServer(clock: ManualClusterClock())
  let client: InProcessClient
  let addresses = ServiceAddressTable()
  let admission: WebhookAdmission

  init() {
    client = InProcessClient(server)
    admission = WebhookAdmission(server, addresses: addresses)
    server.setAdmission(admission)
  }

  func register(_ resource: Resource, _ name: String = "test", _ entries: JSONValue...) async throws {
    try await client.create(
      resource, namespace: "", ["metadata": ["name": .string(name)], "webhooks": .array(entries)])
  }

  @discardableResult
  func create(
    _ name: String = "one", labels: [String: String] = [:], isDryRun: Bool = false
  ) async throws(KubernetesError) -> KubernetesObject {
    try await client.create(
      .configMaps, namespace: "default", ["metadata": ["name": .string(name), "labels": JSONValue(labels)]],
      isDryRun: isDryRun)
  }

  /// The failure of a creation; nil where it goes well.
  func failure(_ name: String = "one", isDryRun: Bool = false) async -> KubernetesError? {
    do throws(KubernetesError) {
      try await create(name, isDryRun: isDryRun)
      return nil
    } catch {
      return error
    }
  }
}
