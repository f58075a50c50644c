import TLS

/// The files of a certificate directory, named as Kubernetes names them in a Secret of type `kubernetes.io/tls`.
struct CertificateFiles {
  /// The directory.
  let directory: String

  /// The authority that clients trust.
  var authority: String { "\(directory)/ca.crt" }
  /// The authority's key; only there where `gatehouse certs` made it, and no server needs it.
  var authorityKey: String { "\(directory)/ca.key" }
  /// The server's certificate, and those that lead from it to the authority.
  var certificate: String { "\(directory)/tls.crt" }
  /// The server's key.
  var key: String { "\(directory)/tls.key" }
}

/// Makes pairs for servers that nobody gave one.
struct CertificatePair {
  /// The authority that signed the pair.
  let authority: Identity
  /// What the server shows.
  let serving: Identity

  /// Makes a serving pair, and an authority for it where none is given.
  ///
  /// - Parameter validity: How long the pair lives; an authority that is made lives ten times as long, so that renewing the pair does
  ///   not change what clients trust.
  static func make(
    names: [AlternativeName], validity: Duration, authority: Identity? = nil
  ) throws(TLSError) -> CertificatePair {
    let signer =
      if let authority { authority } else {
        try Identity.makeAuthority(commonName: "gatehouse-ca", validity: validity * 10)
      }
    let serving = try signer.issueServing(commonName: "gatehouse", names: names, validity: validity)
    return CertificatePair(authority: signer, serving: serving)
  }
}

extension CertificateFiles {
  /// Reads `tls.crt` and `tls.key`.
  ///
  /// - Throws: ``CommandFailure`` that names the directory, for files that are missing, malformed, or of two different pairs.
  func load() throws(CommandFailure) -> Identity {
    do {
      return try Identity(certificatePEM: FileText.read(certificate), keyPEM: FileText.read(key))
    } catch let error as TLSError {
      throw CommandFailure(
        "\(directory): tls.crt and tls.key cannot be used: \(error); "
          + "put a matching pair there, or name an empty folder to have one made")
    } catch {
      throw CommandFailure("\(error); a certificate directory holds tls.crt and tls.key")
    }
  }

  /// Reads `ca.crt` and `ca.key`.
  ///
  /// - Throws: ``CommandFailure`` that names the directory, for files that are missing, malformed, or of two different authorities.
  func loadAuthority() throws(CommandFailure) -> Identity {
    do {
      return try Identity(certificatePEM: FileText.read(authority), keyPEM: FileText.read(authorityKey))
    } catch {
      throw CommandFailure(
        "\(directory): ca.crt and ca.key cannot be used: \(error); remove both to have new ones made")
    }
  }

  /// Writes a pair and the authority's certificate; the key last, because a reader looks for it last.
  ///
  /// - Parameter authorityKey: whether the authority's key is written too, for the next pair.
  func write(_ pair: CertificatePair, authorityKey keepsAuthorityKey: Bool) throws(CommandFailure) {
    do {
      try FileText.makeFolder(directory)
      let certificate = try pair.authority.certificatePEM()
      // One that is there already is in the hands of clients, perhaps with others that they trust.
      if !FileText.exists(authority) || keepsAuthorityKey { try FileText.write(authority, certificate, mode: 0o644) }
      if keepsAuthorityKey { try FileText.write(authorityKey, pair.authority.keyPEM(), mode: 0o600) }
      try FileText.write(self.certificate, pair.serving.certificatePEM(), mode: 0o644)
      try FileText.write(key, pair.serving.keyPEM(), mode: 0o600)
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}
