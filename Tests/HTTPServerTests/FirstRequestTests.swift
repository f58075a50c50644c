import Foundation
import HTTPServer
import TLS
import TestSupport
import Testing

@Suite("The first request after a handshake")
struct FirstRequestTests {
  /// How many acknowledgements of this machine have waited for an answer that did not come (`DelayedACKs` of the kernel).
  private static var delayedAcknowledgements: Int? {
    guard let text = try? String(contentsOfFile: "/proc/net/netstat", encoding: .utf8) else { return nil }
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("TcpExt:") }.map { $0.split(separator: " ") }
    guard rows.count == 2, let column = rows[0].firstIndex(of: "DelayedACKs") else { return nil }
    return Int(rows[1][column])
  }

  @Test(
    "does not wait for the kernel to acknowledge the handshake",
    .enabled(if: delayedAcknowledgements != nil, "the kernel's counters in /proc/net/netstat are not readable here"))
  func isNotHeldBack() throws {
    let authority = try TestAuthority()
    let clients = try TestAuthority("clients")
    let known = try clients.client("known")
    // Such a server gives no tickets, which would acknowledge the handshake with their own bytes.
    let security = try authority.security(clients: clients.authority.certificatePEM())
    let server = try Server([Endpoint("127.0.0.1:0", security: security, router: sampleRouter())], threads: 1)
    defer { server.stop() }
    let address = try #require(try server.start().first)
    let connections = 40
    let before = try #require(Self.delayedAcknowledgements)
    let answer = try ChildProcess.run(
      "curl",
      [
        "-sS", "--no-tcp-nodelay", "--cacert", authority.path, "--cert", known.certificate, "--key", known.key,
        "-H", "Connection: close", "-o", "/dev/null", "-w", "%{http_code}\n",
        "https://\(address)/hello?[1-\(connections)]",
      ])
    #expect(answer.standardOutput == String(repeating: "200\n", count: connections), "\(answer.standardError)")
    let after = try #require(Self.delayedAcknowledgements)
    // One for each connection before; what else the machine does may add some.
    #expect(after - before < connections / 2)
  }
}
