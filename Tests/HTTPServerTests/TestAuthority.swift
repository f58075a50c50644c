import HTTPServer
import TestSupport

@testable import TLS

/// An authority with what it signs, and its certificate in a file for clients.
final class TestAuthority {
  let authority: Identity
  private let directory: TemporaryDirectory

  init(_ name: String = "test authority") throws {
    authority = try Identity.makeAuthority(commonName: name, validity: .seconds(3600))
    directory = try TemporaryDirectory()
    _ = try directory.write("ca.crt", authority.certificatePEM())
  }

  var path: String { directory.file("ca.crt") }

  /// A serving pair for 127.0.0.1 and localhost.
  func serving(_ commonName: String = "server") throws -> Identity {
    let names = try ["127.0.0.1", "localhost"].map { try AlternativeName($0) }
    return try authority.issueServing(commonName: commonName, names: names, validity: .seconds(3600))
  }

  /// What an endpoint is given.
  func security(clients: [UInt8]? = nil) throws -> ServerSecurity {
    let pair = try serving()
    return ServerSecurity(
      certificatePEM: try pair.certificatePEM(), keyPEM: try pair.keyPEM(), clientAuthoritiesPEM: clients)
  }

  /// Writes a client's pair; returns the paths of certificate and key.
  func client(_ commonName: String) throws -> (certificate: String, key: String) {
    let pair = try authority.issue(commonName: commonName, use: "clientAuth", validity: .seconds(3600))
    return (
      try directory.write("\(commonName).crt", pair.certificatePEM()),
      try directory.write("\(commonName).key", pair.keyPEM())
    )
  }
}
