import ArgumentParser
import TLS

/// `gatehouse certs`: makes certificates, or shows them.
struct CertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certs",
    abstract: "Make a certificate authority and a serving pair, or show what a folder holds.",
    discussion: """
      Writes ca.crt, ca.key, tls.crt and tls.key (ECDSA P-256). Clients, such as a webhook configuration's caBundle, \
      trust ca.crt. Where the folder holds ca.crt and ca.key already, they sign the new pair, so clients need no change.

      Examples:
        gatehouse certs --dns localhost --dns 127.0.0.1 --dir ./certs/dev
        gatehouse certs --dns localhost --dir ./certs/dev --force     replace the pair, keep the authority
        gatehouse certs --show ./certs/dev
      """)

  @Option(
    help: ArgumentHelp("A name or IP address by which clients call the server (repeatable).", valueName: "name"))
  var dns: [String] = []

  @Option(help: ArgumentHelp("The folder to write to; it is made where it is missing.", valueName: "dir"))
  var dir: String?

  @Option(
    help: ArgumentHelp("How many days the pair lives; a new authority lives ten times as long.", valueName: "days"))
  var days = 365

  @Flag(help: "Replace a pair that is there.")
  var force = false

  @Option(help: ArgumentHelp("Show the certificates of this folder: subject, names, expiry.", valueName: "dir"))
  var show: String?

  func validate() throws {
    guard dir?.isEmpty != true, show?.isEmpty != true else {
      throw ValidationError("--dir and --show take a folder, not an empty text.")
    }
    guard show == nil else {
      guard dns.isEmpty, dir == nil, !force else {
        throw ValidationError("--show only shows; leave --dns, --dir and --force out.")
      }
      return
    }
    guard dir != nil else {
      throw ValidationError("Name the folder to write to with --dir, or one to look at with --show.")
    }
    guard !dns.isEmpty else {
      throw ValidationError("Name what clients call the server with --dns, such as --dns localhost (repeatable).")
    }
    guard (1...3650).contains(days) else { throw ValidationError("--days takes 1 to 3650, not \(days).") }
  }

  func run() throws {
    if let show {
      try CertificateReport(CertificateFiles(directory: show)).write()
    } else if let dir {
      try make(CertificateFiles(directory: dir))
    }
  }

  private func make(_ files: CertificateFiles) throws {
    for file in [files.key, files.certificate] {
      guard force || !FileText.exists(file) else {
        throw CommandFailure("\(file) is there already; --force replaces it, or name another folder with --dir")
      }
    }
    let authority = try existingAuthority(files)
    let names: [AlternativeName]
    let pair: CertificatePair
    do {
      names = try dns.map { try AlternativeName($0) }
      pair = try CertificatePair.make(names: names, validity: .seconds(days * 86_400), authority: authority)
    } catch let error as TLSError {
      throw CommandFailure("\(error)")
    }
    try files.write(pair, authorityKey: authority == nil)
    let signer = pair.authority.certificate
    Terminal.line("\(files.authority): \(signer.subject), until \(signer.notAfter)\(authority == nil ? "" : " (kept)")")
    Terminal.line(
      "\(files.certificate): \(names.map(\.description).joined(separator: ", ")), "
        + "until \(pair.serving.certificate.notAfter)")
    Terminal.line("\(files.key): keep it secret, and ca.key too")
  }

  /// The authority that the folder holds with its key; half of one is not replaced without being asked to.
  private func existingAuthority(_ files: CertificateFiles) throws -> Identity? {
    guard FileText.exists(files.authorityKey) else {
      guard force || !FileText.exists(files.authority) else {
        throw CommandFailure(
          "\(files.authority) is there without its ca.key, so nothing can be signed by it; "
            + "--force replaces it, or name another folder with --dir")
      }
      return nil
    }
    return try files.loadAuthority()
  }
}
