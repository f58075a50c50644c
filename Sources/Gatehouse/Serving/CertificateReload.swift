import EventLoop
import Logging
import Synchronization
import TLS
import Telemetry

/// Shows new connections the pair of the certificate directory, whoever renews it there.
final class CertificateReload: Sendable {
  /// How often to look without being told; certificates are renewed days before they expire.
  private static let interval = Duration.seconds(10)

  private let files: CertificateFiles
  private let shown: ShownCertificate
  private let logger: Logger
  private let reloads: Counter
  private let failures: Counter
  /// The files that were refused last, so that one torn pair is told once.
  private let refused = Mutex<[UInt8]?>(nil)

  init(_ files: CertificateFiles, _ shown: ShownCertificate, _ registry: MetricRegistry, _ logger: Logger) {
    self.files = files
    self.shown = shown
    self.logger = logger
    let help = "Readings of a changed certificate directory by result; a refused one leaves the pair as it was."
    reloads = registry.counter("gatehouse_certificate_reloads_total", help: help, labels: ["result": "loaded"])
    failures = registry.counter("gatehouse_certificate_reloads_total", help: help, labels: ["result": "refused"])
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
      take(certificate, key)
    } catch {
      refuse("\(error)", [])
    }
  }

  private func take(_ certificate: [UInt8], _ key: [UInt8]) {
    do {
      if try shown.show(Identity(certificatePEM: certificate, keyPEM: key)) { reloads.increment() }
      refused.withLock { $0 = nil }
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
