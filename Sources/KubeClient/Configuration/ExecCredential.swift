import JSON
import Telemetry

/// What a credential program printed: a token, a certificate, or both, and how long they hold.
struct ExecCredential: Sendable, Equatable {
  let token: String?
  let identity: ClientIdentity?
  /// From now to the end; nil: until the process ends or the server refuses it.
  let life: Duration?

  /// Reads an `ExecCredential` (`client.authentication.k8s.io`).
  ///
  /// - Throws: ``ConfigurationError`` `.malformed` for anything else, or one without any credential.
  init(_ output: [UInt8], command: String, now: WallTime) throws(ConfigurationError) {
    guard let json = try? JSONDocument(output).root, json["kind"]?.isString("ExecCredential") == true,
      let status = json["status"]
    else { throw ConfigurationError(.malformed, "\(command) printed no ExecCredential with a status") }
    token = status["token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    switch (status["clientCertificateData"]?.string, status["clientKeyData"]?.string) {
    case (let certificate?, let key?) where !certificate.isEmpty && !key.isEmpty:
      identity = .pem(certificate: Array(certificate.utf8), key: Array(key.utf8))
    case (nil, nil): identity = nil
    default: throw ConfigurationError(.malformed, "\(command) printed a certificate without its key, or a key alone")
    }
    guard token != nil || identity != nil else {
      throw ConfigurationError(.malformed, "\(command) printed neither a token nor a certificate")
    }
    guard let text = status["expirationTimestamp"]?.string else {
      life = nil
      return
    }
    guard let end = WallTime(rfc3339: text) else {
      throw ConfigurationError(.malformed, "\(command) printed the malformed time \(text)")
    }
    life = .seconds(max(0, end.seconds - now.seconds))
  }
}
