import KubeClient
import Kubernetes
import Logging

/// Follows the objects of clouds' own controllers, which a cluster may not have.
///
/// Nothing waits for them: a cluster without a cloud's types has none of its objects, and its plugins say so where they are used.
struct CloudWatch: Sendable {
  /// How often to see whether a type was installed after all.
  private static let interval = Duration.seconds(60)

  let client: KubeClient
  let store: ObjectStore
  let resources: [Resource]
  let namespace: String?
  let log: Logger

  /// Follows until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      for resource in resources { group.addTask { await follow(resource) } }
    }
  }

  private func follow(_ resource: Resource) async {
    guard await waitUntilServed(resource) else { return }
    await Informers(client, store, [InformerDeclaration(resource, ObjectSelection(namespace: namespace))]).run()
  }

  /// Whether the type is there; false where the task was cancelled first.
  private func waitUntilServed(_ resource: Resource) async -> Bool {
    var isTold = false
    while !Task.isCancelled {
      do throws(KubernetesError) {
        // A label that nothing has: only whether there is an answer matters.
        _ = try await client.list(
          resource, namespace: namespace, labelSelector: "gatehouse.game.kruise.io/none", fieldSelector: "")
        return true
      } catch {
        if !isTold { log.info("\(resource) are not followed yet", metadata: ["reason": "\(error)"]) }
        isTold = true
      }
      try? await Task.sleep(for: Self.interval)
    }
    return false
  }
}
