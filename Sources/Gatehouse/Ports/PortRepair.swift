import KubeClient
import Kubernetes
import NetworkPlugins

/// What was done about something that was wrong with a Service's ports.
struct PortRepair: Sendable {
  /// The Service.
  let service: NamespacedName
  /// Its unique id.
  let uid: String
  /// What was done, or why it was not.
  let text: String
  /// Whether it is mended.
  let isDone: Bool

  /// Deletes the Services whose deletion mends something, each once; one that was made anew meanwhile stays.
  static func perform(_ findings: [PortAudit.Finding], _ client: any ClusterWriter) async -> [PortRepair] {
    var repairs: [PortRepair] = []
    var seen: Set<String> = []
    for finding in findings where finding.isMendedByDeletion && seen.insert(finding.uid).inserted {
      repairs.append(await perform(finding, client))
    }
    return repairs
  }

  private static func perform(_ finding: PortAudit.Finding, _ client: any ClusterWriter) async -> PortRepair {
    func repair(_ text: String, isDone: Bool) -> PortRepair {
      PortRepair(service: finding.service, uid: finding.uid, text: text, isDone: isDone)
    }
    // Without its id the next Service of that name could be hit.
    guard !finding.uid.isEmpty else { return repair("not deleted: it has no unique id", isDone: false) }
    do throws(KubernetesError) {
      try await client.delete(.services, finding.service, DeleteOptions(uid: finding.uid, propagation: .background))
      let isAnew = finding.kind != .leak
      return repair(isAnew ? "deleted: the manager makes it anew on a free port" : "deleted", isDone: true)
    } catch {
      if error.code == .notFound || error.code == .conflict {
        return repair("not deleted: it is gone by itself", isDone: true)
      }
      return repair("not deleted: \(error)", isDone: false)
    }
  }
}

extension PortsReport {
  /// Asks a cluster, and mends what can be mended where that is wanted.
  ///
  /// - Throws: ``CommandFailure`` where the cluster cannot be asked.
  static func cluster(
    _ options: ClusterOptions, _ plugins: PluginRegistry, repairs: Bool
  ) throws -> PortsReport {
    try options.ask { client, _ async throws(KubernetesError) in
      let store = try await read(client)
      let findings = repairs ? PortAudit(store, plugins: plugins).findings : []
      return PortsReport(store, plugins, repairs: await PortRepair.perform(findings, client))
    }
  }

  /// Services first: whatever one of them was made for is there when the others are read, or is really gone.
  private static func read(_ client: KubeClient) async throws(KubernetesError) -> ObjectStore {
    let store = ObjectStore()
    for (resource, selector) in [
      (Resource.services, ""), (.pods, GameLabels.ownerSet), (.gameServerSets, ""),
    ] {
      store.replace(
        resource, with: try await client.list(resource, namespace: nil, labelSelector: selector, fieldSelector: ""))
    }
    return store
  }
}
