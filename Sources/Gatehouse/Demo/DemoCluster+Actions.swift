import JSON
import Kubernetes
import SimulatedCluster

extension DemoCluster {
  /// Does one thing to a set of the demonstration, as its user `kubectl` would.
  ///
  /// - Returns: the API server's message, where it refused as it should.
  /// - Throws: ``DemoFailure`` for a refusal that nobody expected, or one that did not come.
  func perform(_ action: DemoAction, on set: String) async throws(DemoFailure) -> String? {
    guard case .refused(let attempt, let text) = action else {
      do throws(KubernetesError) {
        try await write(attempt: action, set)
      } catch {
        throw DemoFailure(expected: "the API server does it", seen: error.message)
      }
      return nil
    }
    do throws(KubernetesError) {
      try await write(attempt: attempt, set)
    } catch {
      guard error.message.contains(text) else {
        throw DemoFailure(expected: "a refusal that names \(text)", seen: error.message)
      }
      return error.message
    }
    throw DemoFailure(expected: "a refusal that names \(text)", seen: "it was allowed")
  }

  private func write(attempt: DemoAction, _ set: String) async throws(KubernetesError) {
    let key = { (ordinal: Int) in NamespacedName(DemoSet.namespace, "\(set)-\(ordinal)") }
    switch attempt {
    case .apply(let object): try await client.create(.gameServerSets, namespace: DemoSet.namespace, object)
    case .patchSet(let patch):
      try await client.patch(.gameServerSets, NamespacedName(DemoSet.namespace, set), .merge(patch))
    case .patchServer(let ordinal, let spec):
      try await client.patch(.gameServers, key(ordinal), .merge(["spec": spec]))
    case .deleteServer(let ordinal): try await client.delete(.gameServers, key(ordinal), DeleteOptions())
    case .deletePod(let ordinal): try await client.delete(.pods, key(ordinal), DeleteOptions())
    case .deleteSet:
      try await client.delete(.gameServerSets, NamespacedName(DemoSet.namespace, set), DeleteOptions())
    case .probe(let name, let ordinal, let succeeds):
      for server in look(set).servers where ordinal == nil || server.pod.ordinal == ordinal {
        cluster.probes.script(server.pod.key, probe: name, isSuccess: succeeds, message: "")
      }
    case .refused(let other, _): try await write(attempt: other, set)
    }
  }
}
