import JSON
import KubeClient
import Kubernetes
import Synchronization
import Testing

/// What a leader leaves behind when it ends.
@Suite struct ResignationTests {
  @Test("gives the lease up although its last renewal arrived and the answer did not")
  func brokenOffRenewal() async {
    let shelf = LeaseShelf()
    // No slow machine lets this lease run out.
    let timing = ElectionTiming(
      leaseDuration: .seconds(600), renewDeadline: .seconds(400), retryPeriod: .milliseconds(1))
    let election = LeaderElection(shelf, lease: NamespacedName("games", "leader"), identity: "a", timing: timing)
    let end = await election.run { _ in await shelf.waitForRenewal() }
    #expect(end == .finished)
    #expect(shelf.holder == "")
  }
}

/// Keeps one lease; the first renewal is stored, and its caller hears nothing until its task is cancelled.
private final class LeaseShelf: ClusterClient {
  private struct State {
    var lease: JSONValue?
    var version = 0
    var renewals = 0
  }

  private let state = Mutex(State())
  private let renewals: AsyncStream<Void>
  private let renewed: AsyncStream<Void>.Continuation

  init() { (renewals, renewed) = AsyncStream.makeStream() }

  var holder: String? { state.withLock { $0.lease?["spec"]?["holderIdentity"]?.string } }

  func waitForRenewal() async { for await _ in renewals { return } }

  private func store(_ value: JSONValue) -> KubernetesObject {
    state.withLock { state in
      state.version += 1
      var value = value
      value["metadata"] = [
        "name": "leader", "namespace": "games", "resourceVersion": .string("\(state.version)"),
      ]
      state.lease = value
      return KubernetesObject(value)
    }
  }

  func get(_ resource: Resource, _ key: NamespacedName) async throws(KubernetesError) -> KubernetesObject {
    guard let lease = state.withLock({ $0.lease }) else { throw KubernetesError(.notFound, message: "no lease") }
    return KubernetesObject(lease)
  }

  func create(
    _ resource: Resource, namespace: String, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject { store(object) }

  func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ patch: ObjectPatch, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    guard case .merge(let change) = patch else { throw KubernetesError(.badRequest, message: "a merge") }
    let asked = change["metadata"]?["resourceVersion"]?.string
    guard asked == state.withLock({ "\($0.version)" }) else { throw KubernetesError(.conflict, message: "modified") }
    let stored = store(["spec": change["spec"] ?? .null])
    let isFirst = state.withLock { state in
      state.renewals += 1
      return state.renewals == 1
    }
    guard isFirst else { return stored }
    renewed.yield()
    // Longer than the test: only the cancellation ends it.
    try? await Task.sleep(for: .seconds(3600))
    throw KubernetesError(.unreachable, message: "the answer was lost")
  }

  func list(
    _ resource: Resource, namespace: String?, labelSelector: String, fieldSelector: String
  ) async throws(KubernetesError) -> [KubernetesObject] { [] }

  func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject { store(object) }

  func delete(_ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions) async throws(KubernetesError) {}

  func create(
    _ resource: Resource, _ key: NamespacedName, subresource: String, _ object: JSONValue
  ) async throws(KubernetesError) {}
}
