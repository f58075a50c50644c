import JSON
import Kubernetes

/// Whether the API server finds somebody behind the registered addresses.
struct ServiceCheck: ClusterCheck {
  let area = "service"

  func lines(_ cluster: CheckedCluster) async throws(KubernetesError) -> [CheckLine] {
    guard try await cluster.find(.namespaces, NamespacedName("", cluster.namespace)) != nil else {
      return [
        .failed(
          area, "the namespace \(cluster.namespace) is not there; the manager keeps its certificates and lease in it",
          "kubectl create namespace \(cluster.namespace), or apply one of deploy/overlays")
      ]
    }
    let webhooks = try await cluster.ownWebhooks()
    let registered = Set(webhooks.map(\.configuration))
    let missing = RegisteredWebhook.own.map(\.1).filter { !registered.contains($0) }
    var lines = missing.map {
      CheckLine.warned(
        area, "nobody has registered \($0)",
        "start `gatehouse manager`, which registers it, or apply the configurations of deploy/")
    }
    var seen: Set<RegisteredWebhook.Target> = []
    for webhook in webhooks {
      guard let target = webhook.target else {
        lines.append(.failed(area, "\(webhook.name) says no address", "let the manager register it again"))
        continue
      }
      switch target {
      case .service(let service, let port):
        if seen.insert(target).inserted { lines.append(try await look(service, port, cluster)) }
      case .url(let url):
        let base = url.split(separator: "/").prefix(2).joined(separator: "//")
        if seen.insert(.url(base)).inserted {
          lines.append(.passed(area, "the API server calls \(base) without a Service"))
        }
      }
    }
    return lines
  }

  private func look(
    _ key: NamespacedName, _ port: Int, _ cluster: CheckedCluster
  ) async throws(KubernetesError) -> CheckLine {
    guard let service = try await cluster.find(.services, key) else {
      return .failed(area, "the Service \(key) is not there", "apply the Services of deploy/")
    }
    guard service.as(Service.self).ports.contains(where: { $0["port"]?.int == port }) else {
      return .failed(area, "the Service \(key) has no port \(port)", "apply the Services of deploy/")
    }
    let endpoints = try await cluster.find(.endpoints, key)
    let subsets = endpoints?.json["subsets"].map { Array($0.elements) } ?? []
    let ready = subsets.reduce(0) { $0 + ($1["addresses"]?.count ?? 0) }
    guard ready > 0 else {
      return .failed(
        area, "the Service \(key) has no ready endpoint",
        "kubectl -n \(key.namespace) get pods; /readyz of a manager says what it waits for")
    }
    return .passed(area, "the Service \(key) has \(ready) ready endpoint\(ready == 1 ? "" : "s")")
  }
}
