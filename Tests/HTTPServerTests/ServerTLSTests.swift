import HTTPServer
import Synchronization
import TLS
import TestSupport
import Testing

@Suite("A server over TLS, with clients that others wrote")
struct ServerTLSTests {
  private func router() -> Router {
    var router = sampleRouter()
    router.get("/who") { head, _ in .text(head.clientSubject ?? "nobody") }
    return router
  }

  private func curl(_ authority: TestAuthority, _ arguments: [String]) throws -> ChildProcess.Output {
    try ChildProcess.run("curl", ["-sS", "--cacert", authority.path] + arguments)
  }

  @Test("speaks TLS 1.2 and 1.3 and HTTP/1.1", arguments: ["1.2", "1.3"])
  func speaks(version: String) throws {
    let authority = try TestAuthority()
    let server = try Server([Endpoint("127.0.0.1:0", security: authority.security(), router: router())], threads: 1)
    defer { server.stop() }
    let address = try #require(try server.start().first)
    let answer = try curl(
      authority,
      [
        "--tlsv\(version)", "--tls-max", version, "-w", "%{http_version} %{http_code}", "https://\(address)/hello?a=b",
      ])
    #expect(answer.standardOutput == "hello a=b\n1.1 200", "\(answer.standardError)")
  }

  @Test(
    "refuses old versions, weak suites and protocols that it does not speak",
    arguments: [
      ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"], ["-alpn", "h2"],
    ])
  func refusesHandshakes(options: [String]) throws {
    let authority = try TestAuthority()
    let server = try Server([Endpoint("127.0.0.1:0", security: authority.security(), router: router())], threads: 1)
    let address = try #require(try server.start().first)
    let client = try ChildProcess.run("openssl", ["s_client", "-connect", address] + options)
    #expect(client.exit != .code(0))
    server.stop()
    #expect(server.statistics.handshakesFailed == 1)
  }

  @Test("agrees on http/1.1 with a client that would also speak something else")
  func agrees() throws {
    let authority = try TestAuthority()
    let server = try Server([Endpoint("127.0.0.1:0", security: authority.security(), router: router())], threads: 1)
    defer { server.stop() }
    let address = try #require(try server.start().first)
    let client = try ChildProcess.run("openssl", ["s_client", "-connect", address, "-alpn", "h2,http/1.1"])
    #expect(client.standardOutput.contains("ALPN protocol: http/1.1"))
  }

  @Test("takes a body of several records over TLS, and asks for it first when told to")
  func takesLargeBodies() throws {
    let authority = try TestAuthority()
    let server = try Server([Endpoint("127.0.0.1:0", security: authority.security(), router: router())], threads: 1)
    defer { server.stop() }
    let address = try #require(try server.start().first)
    let body = [UInt8](repeating: 120, count: 3_000_000)
    for extra in ["Expect: 100-continue", "Expect:", "Transfer-Encoding: chunked"] {
      let answer = try ChildProcess.run(
        "curl",
        [
          "-sS", "--cacert", authority.path, "-H", extra, "-H", "Content-Type: application/json", "--data-binary", "@-",
          "https://\(address)/echo",
        ], input: body)
      #expect(answer.standardOutput.utf8.count == body.count, "\(extra): \(answer.standardError)")
    }
  }

  @Test("demands and verifies a client's certificate, and tells the handler whose it is")
  func verifiesClients() throws {
    let authority = try TestAuthority()
    let clients = try TestAuthority("clients")
    let strangers = try TestAuthority("others")
    let security = try authority.security(clients: clients.authority.certificatePEM())
    let server = try Server([Endpoint("127.0.0.1:0", security: security, router: router())], threads: 1)
    let address = try #require(try server.start().first)
    let (known, unknown) = (try clients.client("kube-apiserver"), try strangers.client("kube-apiserver"))
    let url = "https://\(address)/who"
    let accepted = try curl(authority, ["--cert", known.certificate, "--key", known.key, url])
    #expect(accepted.standardOutput == "CN=kube-apiserver\n", "\(accepted.standardError)")
    #expect(try curl(authority, [url]).exit != .code(0))
    #expect(try curl(authority, ["--cert", unknown.certificate, "--key", unknown.key, url]).exit != .code(0))
    server.stop()
    #expect(server.statistics.handshakesFailed == 2)
    #expect(server.statistics.responses == [200: 1])
  }

  @Test("shows a new pair to new connections while old ones go on, and no request fails")
  func swapsCertificates() throws {
    let authority = try TestAuthority()
    let server = try Server([Endpoint("127.0.0.1:0", security: authority.security(), router: router())], threads: 2)
    defer { server.stop() }
    let address = try #require(try server.start().first)
    let pairs = try (0..<8).map { try authority.serving("renewed \($0)") }
    // One client over one connection, one with a handshake per request, both while the pair is swapped.
    let clients = try [[], ["-H", "Connection: close"]].map { extra in
      try ChildProcess(
        "curl",
        ["-sS", "--cacert", authority.path, "-w", "%{http_code}\n", "-o", "/dev/null"] + extra
          + ["https://\(address)/hello?[1-200]"])
    }
    for pair in pairs {
      try server.reload(certificatePEM: pair.certificatePEM(), keyPEM: pair.keyPEM())
      for client in clients { _ = try client.nextLine() }
    }
    for client in clients {
      var codes: [String] = []
      while let line = try client.nextLine() { codes.append(line) }
      #expect(codes == Array(repeating: "200", count: 200 - pairs.count), "\(client.standardError)")
      #expect(try client.waitForExit() == .code(0))
    }
    let shown = try ChildProcess.run("openssl", ["s_client", "-connect", address]).standardOutput
    #expect(shown.contains("CN = renewed 7"))
  }

  @Test("keeps the last good pair when the new one is torn or mismatched")
  func keepsLastGoodPair() throws {
    let authority = try TestAuthority()
    let server = try Server([Endpoint("127.0.0.1:0", security: authority.security(), router: router())], threads: 1)
    defer { server.stop() }
    let address = try #require(try server.start().first)
    let (one, two) = (try authority.serving("one"), try authority.serving("two"))
    for (certificate, key) in try [
      (one.certificatePEM(), two.keyPEM()), (Array(one.certificatePEM().dropLast(40)), one.keyPEM()), ([], []),
    ] {
      let error = #expect(throws: ServerError.self) { try server.reload(certificatePEM: certificate, keyPEM: key) }
      #expect(error?.code == .certificate)
    }
    #expect(try curl(authority, ["https://\(address)/hello"]).standardOutput == "hello -\n")
    #expect(throws: ServerError.self) {
      _ = try Server([
        Endpoint(
          "127.0.0.1:0", security: ServerSecurity(certificatePEM: one.certificatePEM(), keyPEM: two.keyPEM()),
          router: router())
      ])
    }
  }
}
