import TestSupport
import Testing

/// The promises that hold while requests come in.
@Suite struct LoadTests {
  /// A file for curl that posts one review so many times.
  private func requests(_ count: Int, to server: ServerUnderTest, closing: Bool) throws -> String {
    let body = try server.folder.directory.write("body", Reviews.pod("arena-0"))
    let request = """
      url = "https://\(server.https)/mutate-v1-pod?timeout=10s"
      cacert = "\(server.authority)"
      data-binary = "@\(body)"
      header = "Content-Type: application/json"
      \(closing ? #"header = "Connection: close""# : "")
      output = "/dev/null"
      write-out = "%{http_code}\\n"
      """
    return try server.folder.directory.write(
      "requests-\(count)-\(closing)", Array(repeating: request, count: count).joined(separator: "\nnext\n"))
  }

  private func outcomes(_ child: ChildProcess) throws -> [String: Int] {
    var outcomes: [String: Int] = [:]
    while let line = try child.nextLine() { outcomes[line, default: 0] += 1 }
    #expect(try child.waitForExit() == .code(0), "\(child.standardError)")
    return outcomes
  }

  @Test("answers 64 connections at once")
  func manyConnections() throws {
    let server = try ServerUnderTest()
    let requests = try requests(256, to: server, closing: false)
    let curl = try ChildProcess(
      "curl", ["-s", "-S", "--parallel", "--parallel-immediate", "--parallel-max", "64", "--config", requests])
    #expect(try outcomes(curl) == ["200": 256])
  }

  @Test("swaps the certificate under load without a failed request")
  func certificateSwap() throws {
    let server = try ServerUnderTest()
    let certificates = server.folder.directory.file("certs")
    // A pair of an authority whose key is there, so that every later pair is trusted by the same clients.
    _ = try Program.run(["certs", "--dns", "127.0.0.1", "--dir", certificates, "--force"])
    let loaded = #"gatehouse_certificate_reloads_total{result="loaded"}"#
    try server.wait { try server.metric(loaded) == 1 }

    let requests = try requests(150, to: server, closing: true)
    let clients = try (0..<3).map { _ in try ChildProcess("curl", ["-s", "-S", "--config", requests]) }
    for swap in 2...4 {
      _ = try Program.run(["certs", "--dns", "127.0.0.1", "--dir", certificates, "--force"])
      try server.wait { try server.metric(loaded) ?? 0 >= Double(swap) }
    }
    for client in clients { #expect(try outcomes(client) == ["200": 150]) }
  }

  @Test("keeps the last good pair when a file is torn")
  func tornPair() throws {
    let server = try ServerUnderTest()
    let good = try server.folder.directory.read("certs/tls.crt")
    try server.folder.directory.write("certs/tls.crt", Array(good.prefix(100)))
    try server.wait { try server.metric(#"gatehouse_certificate_reloads_total{result="refused"}"#) == 1 }
    #expect(try server.post("/mutate-v1-pod", Reviews.pod("arena-0")).status == 200)
    try server.folder.directory.write("certs/tls.crt", good)
    #expect(try server.post("/mutate-v1-pod", Reviews.pod("arena-1")).status == 200)
  }

  @Test("ends on SIGTERM under load with no failed request")
  func drain() throws {
    let server = try ServerUnderTest(["--drain-grace", "5"])
    let requests = try requests(10, to: server, closing: false)
    // Like a cluster: who sees that the server is not ready any more sends no new request.
    let client = """
      while [ "$(curl -s -o /dev/null -w '%{http_code}' http://\(server.health)/readyz)" = 200 ]; do
        curl -s -S --config '\(requests)' || exit 1
      done
      """
    let clients = try (0..<4).map { _ in try ChildProcess("bash", ["-c", client]) }
    for client in clients { #expect(try client.nextLine() == "200") }
    server.process.send(15)
    for client in clients { #expect(try outcomes(client).keys.sorted() == ["200"]) }
    #expect(try server.process.waitForExit() == .code(0), "\(server.process.standardError)")
    #expect(try server.process.nextLine() == nil)
  }

  @Test("ends at once on Ctrl-C")
  func interrupt() throws {
    let server = try ServerUnderTest(["--drain-grace", "600"])
    #expect(try server.post("/mutate-v1-pod", Reviews.pod("arena-0")).status == 200)
    server.process.send(2)
    #expect(try server.process.waitForExit() == .code(0))
  }
}
