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
    // The counter is the machine's: one round in which little was held back shows that nothing is held back as a rule.
    let rounds = 3
    for round in 1...rounds {
      if try heldBack(at: address, authority, known) < Self.connections / 2 { return }
      #expect(round < rounds, "acknowledgements were held back in each of \(rounds) rounds")
    }
  }

  private static let connections = 40

  /// How many acknowledgements of the machine waited in vain while a client without TCP_NODELAY made its connections.
  private func heldBack(
    at address: String, _ authority: TestAuthority, _ pair: (certificate: String, key: String)
  ) throws -> Int {
    let before = try #require(Self.delayedAcknowledgements)
    let answer = try ChildProcess.run(
      "curl",
      [
        "-sS", "--no-tcp-nodelay", "--cacert", authority.path, "--cert", pair.certificate, "--key", pair.key,
        "-H", "Connection: close", "-o", "/dev/null", "-w", "%{http_code}\n",
        "https://\(address)/hello?[1-\(Self.connections)]",
      ])
    #expect(answer.standardOutput == String(repeating: "200\n", count: Self.connections), "\(answer.standardError)")
    return try #require(Self.delayedAcknowledgements) - before
  }
}
