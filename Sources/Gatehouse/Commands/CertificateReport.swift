import ArgumentParser
import TLS

/// What `gatehouse certs --show` says of a folder.
struct CertificateReport {
  private let files: CertificateFiles

  init(_ files: CertificateFiles) { self.files = files }

  /// Writes a block for each certificate.
  ///
  /// - Throws: `ExitCode` 1 when the pair would not serve: expired, not yet valid, of two pairs or not signed by `ca.crt`;
  ///   ``CommandFailure`` when there is nothing to show.
  func write() throws {
    let chain = try read(files.certificate)
    let authorities = FileText.exists(files.authority) ? try read(files.authority) : []
    let problems = problems(chain[0], Array(chain.dropFirst()), authorities)
    describe(files.certificate, chain[0])
    if let authority = authorities.first { describe(files.authority, authority) }
    for problem in problems { Terminal.line("problem: \(problem)") }
    guard problems.isEmpty else { throw ExitCode(ExitStatus.refused) }
  }

  private func read(_ path: String) throws -> [Certificate] {
    do {
      return try Certificate.all(pem: FileText.read(path))
    } catch let error as TLSError {
      throw CommandFailure("\(path): \(error)")
    }
  }

  private func describe(_ path: String, _ certificate: Certificate) {
    let day = Int64(86_400)
    let left = certificate.notAfter.since(.now).components.seconds
    // To the nearest day: a pair of a year that was made a second ago has a year left.
    let whole = "\((left + day / 2) / day) days left"
    let state = left < 0 ? "expired \(-left / day) days ago" : left < 2 * day ? "\(left / 3_600) hours left" : whole
    Terminal.line(path)
    Terminal.line("  subject      \(certificate.subject)")
    Terminal.line("  issuer       \(certificate.issuer)")
    if !certificate.names.isEmpty {
      Terminal.line("  names        \(certificate.names.map(\.description).joined(separator: ", "))")
    }
    Terminal.line("  valid        \(certificate.notBefore) to \(certificate.notAfter) (\(state))")
    Terminal.line("  fingerprint  \(certificate.fingerprint)")
  }

  private func problems(_ leaf: Certificate, _ chain: [Certificate], _ authorities: [Certificate]) -> [String] {
    var problems: [String] = []
    if leaf.notAfter < .now { problems.append("tls.crt expired on \(leaf.notAfter)") }
    if .now < leaf.notBefore { problems.append("tls.crt is not valid before \(leaf.notBefore)") }
    if let key = try? FileText.read(files.key) {
      do {
        _ = try Identity(chain: [leaf], key: PrivateKey(pem: key))
      } catch {
        problems.append("tls.key does not serve: \(error)")
      }
    } else {
      problems.append("tls.key is missing or cannot be read")
    }
    if !authorities.isEmpty, problems.isEmpty {
      do {
        try leaf.verify(trusting: authorities, intermediates: chain)
      } catch {
        problems.append("clients that trust ca.crt would refuse it: \(error)")
      }
    }
    return problems
  }
}
