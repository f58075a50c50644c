import Logging
import TLS

/// The pair that a server starts with.
struct ServingCertificates {
  /// The life of a pair that is made at start; `certs` makes others.
  private static let validity = Duration.seconds(365 * 86_400)
  /// What clients may call a server that nobody gave a pair: this machine, and the Service of the shipped manifests.
  private static let names = [
    "localhost", "127.0.0.1", "::1", "kruise-game-webhook-service.kruise-game-system",
    "kruise-game-webhook-service.kruise-game-system.svc",
    "kruise-game-webhook-service.kruise-game-system.svc.cluster.local",
  ]

  /// Where the pair lies.
  let files: CertificateFiles
  /// The pair.
  let identity: Identity

  /// The file of the authority that clients trust; nil where the directory has none.
  var authority: String? { FileText.exists(files.authority) ? files.authority : nil }

  /// Opens the pair of a directory, or makes one where neither of its files is there.
  ///
  /// - Throws: ``CommandFailure`` for files that do not belong together or a directory that cannot be written.
  static func open(_ directory: String, _ logger: Logger) throws(CommandFailure) -> ServingCertificates {
    let files = CertificateFiles(directory: directory)
    if !FileText.exists(files.certificate), !FileText.exists(files.key) {
      try make(files)
      logger.info("made a certificate", metadata: ["directory": "\(directory)"])
    }
    return ServingCertificates(files: files, identity: try files.load())
  }

  private static func make(_ files: CertificateFiles) throws(CommandFailure) {
    // Clients trust what is there: it signs, or nothing is made.
    guard !FileText.exists(files.authority) || FileText.exists(files.authorityKey) else {
      throw CommandFailure(
        "\(files.directory) holds a ca.crt and neither its ca.key nor tls.crt and tls.key; "
          + "put a pair there, or name an empty folder to have one made")
    }
    let authority = FileText.exists(files.authority) ? try files.loadAuthority() : nil
    let pair: CertificatePair
    do {
      var names: [AlternativeName] = []
      for name in ServingCertificates.names { names.append(try AlternativeName(name)) }
      pair = try CertificatePair.make(names: names, validity: validity, authority: authority)
    } catch {
      throw CommandFailure("\(files.directory): no certificate can be made: \(error)")
    }
    try files.write(pair, authorityKey: false)
  }
}
