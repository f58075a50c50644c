import KubeClient
import Kubernetes

/// The version of the API server.
struct ServerCheck: ClusterCheck {
  let area = "api server"
  /// The first version whose API the manifests use (CustomResourceDefinition v1, server-side apply).
  private static let oldest = ServerVersion(major: 1, minor: 20)

  func lines(_ cluster: CheckedCluster) async throws(KubernetesError) -> [CheckLine] {
    let version = try await ServerVersion.read(cluster.client)
    guard version >= Self.oldest else {
      return [.failed(area, "Kubernetes \(version) is too old", "upgrade the cluster to \(Self.oldest) or newer")]
    }
    guard version >= .nativeSidecars else {
      return [
        .warned(
          area, "Kubernetes \(version) has no native sidecars: hot reload runs as an ordinary container",
          "upgrade to \(ServerVersion.nativeSidecars) where a game has to find its files before it starts")
      ]
    }
    return [.passed(area, "Kubernetes \(version)")]
  }
}
