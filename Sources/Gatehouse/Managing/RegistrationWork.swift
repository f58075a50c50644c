import Controllers
import KubeClient
import Kubernetes
import Logging
import Synchronization
import TLS

/// A replica's part in the registration: the shared certificates for all, the webhook configurations for the leader.
final class RegistrationWork: Sendable {
  private enum State: Sendable {
    case closed
    case open(address: String, ShownCertificate)
  }

  /// The Secret and the configurations, as watches see them; apart from what decisions read.
  let store = ObjectStore()
  private let address: ReplicaSettings.Address
  private let namespace: String
  private let client: KubeClient
  private let informers: Informers
  private let log: Logger
  private let state = Mutex(State.closed)
  private let secrets: AsyncStream<KubernetesObject>

  /// The registration of a replica; nil where somebody else registers.
  init?(_ settings: ReplicaSettings, _ client: KubeClient, _ log: Logger) {
    guard case .managed(let address) = settings.registration else { return nil }
    (self.address, namespace, self.client, self.log) = (address, settings.namespace, client, log)
    informers = Informers(client, store, WatchedResources.registration(namespace: settings.namespace))
    // The newest Secret is the only one that matters.
    let (secrets, inlet) = AsyncStream.makeStream(of: KubernetesObject.self, bufferingPolicy: .bufferingNewest(1))
    self.secrets = secrets
    store.observe(.secrets) { _, new in if let new { inlet.yield(new) } }
  }

  /// The leader's controller.
  var controller: ControllerDeclaration {
    ControllerDeclaration(
      name: "webhook-registration", workers: 1,
      watches: [.secrets, .mutatingWebhookConfigurations, .validatingWebhookConfigurations],
      keys: { _, _, _ in [RegistrationReconciler.key] }, initialKeys: [RegistrationReconciler.key]
    ) { [self] context in
      RegistrationReconciler(registration(context.client))
    }
  }

  /// Registers the webhooks as the leader, so that no pod is made before somebody admits it.
  func register(_ client: any ClusterClient) async throws { _ = try await registration(client).renew() }

  /// The certificates of the cluster, made here where there are none.
  func certificates() async throws -> WebhookCertificates { try await registration(client).certificates() }

  /// The HTTPS port is open, and shows this certificate.
  func opened(_ address: String, _ shown: ShownCertificate) {
    state.withLock { $0 = .open(address: address, shown) }
    // A Secret that changed in between has been seen before there was anybody to tell.
    let key = NamespacedName(namespace, WebhookCertificates.secretName)
    if let secret = store.object(.secrets, key) { show(secret) }
  }

  /// Follows the Secret and the configurations, and shows every new certificate, until the task is cancelled.
  func watch() async {
    await withDiscardingTaskGroup { group in
      group.addTask { await self.informers.run() }
      for await secret in secrets { show(secret) }
    }
  }

  private func show(_ secret: KubernetesObject) {
    guard case .open(_, let shown) = state.withLock({ $0 }) else { return }
    do {
      try shown.show(WebhookCertificates(secret: secret).serving)
    } catch {
      log.error(
        "the shared certificates cannot be used, the last good ones stay",
        metadata: ["secret": "\(secret.key)", "error.message": "\(error)"])
    }
  }

  private func registration(_ client: any ClusterClient) -> WebhookRegistration {
    WebhookRegistration(
      client: client, namespace: namespace, entries: WebhookEntries(target: target, ownNamespace: namespace),
      policy: CertificatePolicy(names: names))
  }

  private var target: WebhookEntries.Target {
    switch address {
    case .service(let service): return .service(service)
    case .url(let url):
      var port = ""
      if case .open(let address, _) = state.withLock({ $0 }) {
        port = address.lastIndex(of: ":").map { String(address[address.index(after: $0)...]) } ?? ""
      }
      return .url(url.text(port: port))
    }
  }

  /// What the API server may call the replicas.
  private var names: [AlternativeName] {
    switch address {
    case .service(let service):
      let short = "\(service.name).\(service.namespace)"
      return [short, "\(short).svc", "\(short).svc.cluster.local"].map(AlternativeName.dns)
    case .url(let url): return [(try? AlternativeName(url.host)) ?? .dns(url.host)]
    }
  }
}
