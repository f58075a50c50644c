import HTTPServer
import TLS
import TestSupport
import Testing

@Suite("Resuming a TLS session")
struct ResumptionTests {
  /// One server with clients that others wrote; ends with the test.
  private final class Running {
    let authority: TestAuthority
    let server: Server
    let address: String
    private let folder: TemporaryDirectory
    private var ticket: String { folder.file("ticket") }

    init(clients: [UInt8]? = nil) throws {
      authority = try TestAuthority()
      folder = try TemporaryDirectory()
      let security = try authority.security(clients: clients)
      server = try Server([Endpoint("127.0.0.1:0", security: security, router: sampleRouter())], threads: 1)
      address = try #require(try server.start().first)
    }

    deinit { server.stop() }

    private func ask(_ options: [String]) throws -> String {
      let request = Array("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
      let client = try ChildProcess.run(
        "openssl", ["s_client", "-connect", address, "-ign_eof"] + options, input: request)
      #expect(client.standardOutput.contains("hello -"), "\(client.standardOutput) \(client.standardError)")
      return client.standardOutput
    }

    /// A first visit that keeps what it is given.
    func visit(_ options: [String] = []) throws -> String { try ask(options + ["-sess_out", ticket]) }

    /// A further visit that shows what the last one was given.
    func visitAgain(_ options: [String] = []) throws -> String {
      try ask(options + ["-sess_in", ticket, "-sess_out", ticket])
    }
  }

  @Test("spares a client that comes again the certificate, each time with a new ticket")
  func resumes() throws {
    let running = try Running()
    let first = try running.visit()
    #expect(first.contains("New, TLSv1.3"))
    #expect(first.split(separator: "\n").count { $0.contains("TLS session ticket:") } == 1)
    for _ in 0..<3 {
      let next = try running.visitAgain()
      #expect(next.contains("Reused, TLSv1.3"))
      #expect(next.contains("TLS session ticket:"))
    }
  }

  @Test("shakes hands in full after a swap of the pair, so that the new certificate is seen")
  func forgetsTicketsOfOldPairs() throws {
    let running = try Running()
    _ = try running.visit()
    let next = try running.authority.serving("renewed")
    try running.server.reload(certificatePEM: next.certificatePEM(), keyPEM: next.keyPEM())
    let second = try running.visitAgain()
    #expect(second.contains("New, TLSv1.3"))
    #expect(second.contains("CN = renewed"))
    #expect(try running.visitAgain().contains("Reused, TLSv1.3"))
  }

  @Test("gives nothing in TLS 1.2, where a ticket's key would open what was recorded")
  func resumesNothingIn12() throws {
    let running = try Running()
    let first = try running.visit(["-tls1_2"])
    #expect(first.contains("New, TLSv1.2"))
    #expect(!first.contains("TLS session ticket:"))
  }

  @Test(
    "sends a ticket to who can use one, and spares the others the bytes",
    arguments: [("NORMAL", true), ("NORMAL:%NO_TICKETS", false)]
  )
  func looksAtTheKeyExchangeModes(priority: String, isGiven: Bool) throws {
    let running = try Running()
    let parts = running.address.split(separator: ":")
    let client = try ChildProcess.run(
      "gnutls-cli",
      [
        "-d", "4", "--priority", priority, "--x509cafile", running.authority.path, "-p", String(parts[1]),
        String(parts[0]),
      ],
      input: Array("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8))
    #expect(client.standardOutput.contains("hello -"), "\(client.standardError)")
    let told = client.standardOutput + client.standardError
    #expect(told.contains("NEW SESSION TICKET") == isGiven)
  }

  @Test("verifies a client that must show a certificate every time")
  func verifiesEveryTime() throws {
    let clients = try TestAuthority("clients")
    let known = try clients.client("kube-apiserver")
    let running = try Running(clients: clients.authority.certificatePEM())
    let options = ["-cert", known.certificate, "-key", known.key]
    #expect(!(try running.visit(options)).contains("TLS session ticket:"))
    #expect(try running.visit(options).contains("New, TLSv1.3"))
  }
}
