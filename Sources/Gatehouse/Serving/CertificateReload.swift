import EventLoop
import HTTPServer
import Logging
import Synchronization
import TLS
import Telemetry

/// Shows new connections the pair of the certificate directory, whoever renews it there.
final class CertificateReload: Sendable {
  /// How often to look without being told; certificates are renewed days before they expire.
  private static let interval = Duration.seconds(10)

  private let files: CertificateFiles
  private let server: Server
  private let logger: Logger
  private let reloads: Counter
  private let failures: Counter
  private let shown: Mutex<Identity>
  /// The files that were refused last, so that one torn pair is told once.
  private let refused = Mutex<[UInt8]?>(nil)

  init(
    _ files: CertificateFiles, showing identity: Identity, _ server: Server, _ registry: MetricRegistry,
    _ logger: Logger
  ) {
    self.files = files
    self.server = server
    self.logger = logger
    shown = Mutex(identity)
    let help = "Readings of a changed certificate directory by result; a refused one leaves the pair as it was."
    reloads = registry.counter("gatehouse_certificate_reloads_total", help: help, labels: ["result": "loaded"])
    failures = registry.counter("gatehouse_certificate_reloads_total", help: help, labels: ["result": "refused"])
    registry.onCollect { [self] collection in
      let left = shown.withLock { $0.certificate.notAfter }.since(.now)
      collection.gauge(
        "certificate_expiry_seconds", help: "Seconds until the serving certificate expires; negative once it has.",
        Double(left.components.seconds))
    }
  }

  /// Starts to watch the files.
  func start(on loop: EventLoop) -> FileWatch {
    FileWatch(
      on: loop, every: CertificateReload.interval, folders: { [files] in [files.directory] },
      check: { [self] in check() })
  }

  private func check() {
    do {
      let certificate = try FileText.read(files.certificate, limit: 1 << 20)
      let key = try FileText.read(files.key, limit: 1 << 20)
      try take(certificate, key)
    } catch {
      refuse("\(error)", [])
    }
  }

  private func take(_ certificate: [UInt8], _ key: [UInt8]) throws(InputError) {
    do {
      let identity = try Identity(certificatePEM: certificate, keyPEM: key)
      guard identity.certificate.fingerprint != shown.withLock({ $0.certificate.fingerprint }) else {
        refused.withLock { $0 = nil }
        return
      }
      try server.reload(certificatePEM: certificate, keyPEM: key)
      shown.withLock { $0 = identity }
      refused.withLock { $0 = nil }
      reloads.increment()
      logger.info(
        "certificate swapped",
        metadata: [
          "subject": "\(identity.certificate.subject)", "expires": "\(identity.certificate.notAfter)",
          "fingerprint": "\(identity.certificate.fingerprint)",
        ])
    } catch {
      refuse("\(error)", certificate + key)
    }
  }

  private func refuse(_ reason: String, _ bytes: [UInt8]) {
    let isNew = refused.withLock { last in
      defer { last = bytes }
      return last != bytes
    }
    guard isNew else { return }
    failures.increment()
    logger.error(
      "the pair of the certificate directory cannot be used, the last good one stays",
      metadata: ["directory": "\(files.directory)", "error.message": "\(reason)"])
  }
}
