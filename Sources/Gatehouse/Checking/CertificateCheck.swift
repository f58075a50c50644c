import Controllers
import JSON
import Kubernetes
import TLS

/// Whether the API server trusts what the replicas show.
struct CertificateCheck: ClusterCheck {
  let area = "certificate"
  /// The manager renews at two thirds of a year; a certificate this near to its end was forgotten by somebody.
  private static let warning = Duration.seconds(30 * 86_400)

  func lines(_ cluster: CheckedCluster) async throws(KubernetesError) -> [CheckLine] {
    let webhooks = try await cluster.ownWebhooks()
    guard !webhooks.isEmpty else { return [] }
    let key = NamespacedName(cluster.namespace, WebhookCertificates.secretName)
    guard let secret = try await cluster.find(.secrets, key) else {
      return webhooks.contains { $0.bundle == nil }
        ? [
          .failed(
            area, "no Secret \(key), and a webhook without a caBundle",
            "let the manager register (--webhook-registration managed), or have cert-manager inject the bundle")
        ]
        : [
          .warned(
            area, "no Secret \(key): the certificate comes from elsewhere",
            "see the review below for whether it is trusted")
        ]
    }
    guard let certificates = try? WebhookCertificates(secret: secret) else {
      return [.failed(area, "the Secret \(key) is damaged", "delete it: a manager makes a new one at once")]
    }
    let serving = certificates.serving
    let untrusted = webhooks.compactMap { problem($0, serving) }
    guard untrusted.isEmpty else {
      return untrusted.map { .failed(area, $0, "the leading manager mends it within minutes; is one running?") }
    }
    return [life(serving.certificate, webhooks.count)]
  }

  private func life(_ certificate: Certificate, _ count: Int) -> CheckLine {
    let left = certificate.notAfter.since(.now)
    let text = "trusted by all \(count) webhooks, valid until \(certificate.notAfter)"
    return left < Self.warning
      ? .warned(area, text, "the leading manager renews it; is one running?") : .passed(area, text)
  }

  private func problem(_ webhook: RegisteredWebhook, _ serving: Identity) -> String? {
    guard let bundle = webhook.bundle else { return "\(webhook.name) has no caBundle" }
    do throws(TLSError) {
      let authorities = try Certificate.all(pem: bundle)
      try serving.certificate.verify(trusting: authorities, intermediates: Array(serving.chain.dropFirst()))
      if let name = name(webhook.target) { try serving.certificate.verify(covers: name) }
      return nil
    } catch {
      return "\(webhook.name) does not trust the serving certificate: \(error)"
    }
  }

  /// What the API server calls the server.
  private func name(_ target: RegisteredWebhook.Target?) -> AlternativeName? {
    switch target {
    case .service(let service, _): .dns("\(service.name).\(service.namespace).svc")
    case .url(let url):
      WebhookURL(url.split(separator: "/").prefix(2).joined(separator: "//")).flatMap { try? AlternativeName($0.host) }
    case nil: nil
    }
  }
}
