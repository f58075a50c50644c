import KubeClient
import Kubernetes

/// Looks at one side of a cluster.
protocol ClusterCheck: Sendable {
  /// What is looked at, in a word or two.
  var area: String { get }

  /// What was found.
  ///
  /// - Throws: A `KubernetesError` where it could not be looked at.
  func lines(_ cluster: CheckedCluster) async throws(KubernetesError) -> [CheckLine]
}

/// The cluster that is looked at.
struct CheckedCluster: Sendable {
  /// Who looks.
  let client: KubeClient
  /// Who asks for rights: the one who looks, or the manager's service account by way of impersonation.
  let asker: KubeClient
  /// Whose rights are asked for, in words.
  let askerName: String
  /// The product's own namespace.
  let namespace: String
  /// Whether the manager registers its webhooks itself.
  let registersItself: Bool
  /// The namespace of the pods and sets that are tried out.
  let trialNamespace: String

  /// An object; nil where there is none of that name.
  func find(_ resource: Resource, _ key: NamespacedName) async throws(KubernetesError) -> KubernetesObject? {
    do throws(KubernetesError) {
      return try await client.get(resource, key)
    } catch  where error.code == .notFound {
      return nil
    }
  }

  /// The entries of both of the product's configurations; empty where nobody has registered them.
  func ownWebhooks() async throws(KubernetesError) -> [RegisteredWebhook] {
    var webhooks: [RegisteredWebhook] = []
    for (resource, name) in RegisteredWebhook.own {
      if let object = try await find(resource, NamespacedName("", name)) {
        webhooks += RegisteredWebhook.all(of: object)
      }
    }
    return webhooks
  }
}

/// All checks, in the order in which people should read them.
struct ClusterChecks: Sendable {
  /// The checks; the first one decides whether there is a cluster to look at.
  static let all: [any ClusterCheck] = [
    ServerCheck(), KruiseCheck(), OwnTypesCheck(), AccessCheck(), ServiceCheck(), CertificateCheck(), DeadlockCheck(),
    ReviewCheck(),
  ]

  /// Looks at everything; at nothing more where the API server does not answer.
  static func lines(_ cluster: CheckedCluster) async -> [CheckLine] {
    var lines: [CheckLine] = []
    for check in all {
      do throws(KubernetesError) {
        lines += try await check.lines(cluster)
      } catch {
        lines.append(failure(check.area, error))
        if check is ServerCheck { return lines }
      }
    }
    return lines
  }

  private static func failure(_ area: String, _ error: KubernetesError) -> CheckLine {
    switch error.code {
    case .forbidden:
      .warned(area, "cannot be looked at: \(error)", "ask with an account that may read it, such as an administrator's")
    case .unreachable, .timeout:
      .failed(area, "the API server does not answer: \(error)", "check the server of the kubeconfig and the way to it")
    case .unauthorized:
      .failed(area, "the API server does not know you: \(error)", "renew the credentials of the kubeconfig")
    default: .failed(area, "cannot be looked at: \(error)", "mend this first, and check again")
    }
  }
}
