import HTTPServer
import Logging
import Synchronization
import TLS
import Telemetry

/// The pair that the HTTPS port shows, and how long it lives.
final class ShownCertificate: Sendable {
  private let ports: ServingPorts
  private let logger: Logger
  private let shown: Mutex<Identity>

  /// The pair that the port was opened with.
  init(_ identity: Identity, _ ports: ServingPorts, _ registry: MetricRegistry, _ logger: Logger) {
    self.ports = ports
    self.logger = logger
    shown = Mutex(identity)
    registry.onCollect { [self] collection in
      let left = shown.withLock { $0.certificate.notAfter }.since(.now)
      collection.gauge(
        "certificate_expiry_seconds", help: "Seconds until the serving certificate expires; negative once it has.",
        Double(left.components.seconds))
    }
  }

  /// Shows new connections this pair; connections that are open keep theirs.
  ///
  /// - Returns: Whether it is another one than before.
  /// - Throws: A `ServerError` for a pair that cannot be used; the last one stays.
  @discardableResult
  func show(_ identity: Identity) throws -> Bool {
    let chain = try identity.certificatePEM()
    // The whole chain: one that was incomplete may have been completed behind the same certificate.
    guard try chain != shown.withLock({ $0 }).certificatePEM() else { return false }
    try ports.show(certificatePEM: chain, keyPEM: identity.keyPEM())
    shown.withLock { $0 = identity }
    logger.info(
      "certificate swapped",
      metadata: [
        "subject": "\(identity.certificate.subject)", "expires": "\(identity.certificate.notAfter)",
        "fingerprint": "\(identity.certificate.fingerprint)",
      ])
    return true
  }
}
