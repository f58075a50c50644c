import JSON
import KubeClient
import Kubernetes

/// Webhooks that keep this product from starting, or that only it could answer.
struct DeadlockCheck: ClusterCheck {
  let area = "deadlock"
  /// What has to be written before a replica can answer anything: its pod, its lease, its certificates.
  private static let vital: [(operation: String, group: String, resource: String)] = [
    ("CREATE", "", "pods"), ("UPDATE", "", "pods"), ("CREATE", "coordination.k8s.io", "leases"),
    ("UPDATE", "coordination.k8s.io", "leases"), ("CREATE", "", "secrets"), ("UPDATE", "", "secrets"),
  ]
  /// The labels of the product's own pods that a selector might choose by.
  private static let ownLabels: JSONValue = ["control-plane": "controller-manager"]

  func lines(_ cluster: CheckedCluster) async throws(KubernetesError) -> [CheckLine] {
    var webhooks: [RegisteredWebhook] = []
    for (resource, _) in RegisteredWebhook.own {
      let all = try await cluster.client.list(resource, namespace: nil, labelSelector: "", fieldSelector: "")
      webhooks += all.flatMap(RegisteredWebhook.all)
    }
    let namespace = try await cluster.find(.namespaces, NamespacedName("", cluster.namespace))
    // Before it is installed the namespace has the labels that every namespace gets.
    let labels =
      namespace?.metadata.labels ?? KubernetesObject(namespaceLabels(cluster.namespace)).metadata.labels
    let own = StringMap(KubernetesObject(Self.ownLabels).json)
    var lines: [CheckLine] = []
    for webhook in webhooks where webhook.refusesWhenDown {
      let caught = Self.vital.filter { webhook.isCalled(for: $0.operation, group: $0.group, resource: $0.resource) }
      guard let first = caught.first, webhook.selects(namespace: labels, object: own) else { continue }
      if let line = try await judge(webhook, first.resource, cluster) { lines.append(line) }
    }
    return lines.isEmpty ? [.passed(area, "no webhook keeps the pods of \(cluster.namespace) from starting")] : lines
  }

  private func judge(
    _ webhook: RegisteredWebhook, _ resource: String, _ cluster: CheckedCluster
  ) async throws(KubernetesError) -> CheckLine? {
    let title = "\(webhook.name) of \(webhook.configuration)"
    if RegisteredWebhook.own.contains(where: { $0.1 == webhook.configuration }) {
      return .failed(
        area, "\(title) catches \(resource) in \(cluster.namespace): once all replicas are down, none can start",
        "leave the namespace out by the entry's namespaceSelector, as the manager's own registration does")
    }
    guard case .service(let service, _) = webhook.target else { return nil }
    let endpoints = try await cluster.find(.endpoints, service)
    let subsets = endpoints?.json["subsets"].map { Array($0.elements) } ?? []
    guard !subsets.contains(where: { ($0["addresses"]?.count ?? 0) > 0 }) else { return nil }
    return .failed(
      area, "\(title) refuses \(resource) in \(cluster.namespace): its Service \(service) has no ready endpoint",
      "start what is behind \(service), or remove the entry")
  }

  private func namespaceLabels(_ name: String) -> JSONValue {
    ["metadata": ["name": .string(name), "labels": ["kubernetes.io/metadata.name": .string(name)]]]
  }
}
