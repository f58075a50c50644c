import TLS
import TestSupport
import Testing

@testable import HTTPServer

/// A protocol that is not HTTP: it sends every line back in upper case, and ends at an empty one.
private struct Shouting: StreamService {
  struct Handler: StreamHandler {
    var deadline: ContinuousClock.Instant?

    mutating func opened(
      _ workspace: Workspace, clientSubject: String?, now: ContinuousClock.Instant
    ) -> StreamVerdict {
      workspace.output += Array("HELLO\n".utf8)
      deadline = now + .seconds(7)
      return .proceed
    }

    mutating func received(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict {
      let bytes = Array(workspace.input.storage[workspace.input.range])
      workspace.input.removeAll()
      workspace.output += Array(String(decoding: bytes, as: UTF8.self).uppercased().utf8)
      return bytes == [10] ? .finish : .proceed
    }

    mutating func flushed(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict? { nil }

    mutating func expired(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict {
      workspace.output += Array("BYE\n".utf8)
      return .finish
    }

    mutating func draining(_ workspace: Workspace, now: ContinuousClock.Instant) -> StreamVerdict? { .finish }

    mutating func closed() {}
  }

  func makeHandler(_ context: ConnectionContext<Handler>) -> Handler { Handler() }
}

@Suite("Other protocols over the same connections")
struct StreamServiceTests {
  @Test("speaks first, answers, and ends in good order")
  func speaks() throws {
    let wire = try Wire(Shouting())
    #expect(try wire.receive() == "HELLO\n")
    #expect(try wire.exchange("abc\n") == "ABC\n")
    #expect(try wire.exchange("\n") == "\n")
    #expect(wire.isClosed)
  }

  @Test("keeps the protocol's own deadline")
  func keepsDeadline() throws {
    let wire = try Wire(Shouting())
    _ = try wire.receive()
    try wire.advance(by: .milliseconds(6999))
    #expect(try wire.receive().isEmpty)
    try wire.advance(by: .milliseconds(1))
    #expect(try wire.receive() == "BYE\n")
    #expect(wire.isClosed)
  }

  @Test("cuts a TLS handshake that takes longer than five seconds, however far it has come", arguments: [0, 1, 40])
  func cutsSlowHandshake(sent: Int) throws {
    let authority = try TestAuthority()
    let wire = try Wire(Shouting(), context: ServerContext(identity: authority.serving()))
    // The beginning of a TLS record with a greeting of 512 bytes.
    try wire.send(Array(([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3] + [UInt8](repeating: 7, count: 100)).prefix(sent)))
    try wire.advance(by: .milliseconds(4999))
    #expect(wire.worker.counters.snapshot.connectionsOpen == 1)
    try wire.advance(by: .milliseconds(1))
    #expect(wire.worker.counters.snapshot.connectionsOpen == 0)
    #expect(wire.worker.counters.snapshot.handshakesFailed == 1)
  }

  @Test("tells a client that does not speak TLS so, and forgets it")
  func refusesPlainText() throws {
    let authority = try TestAuthority()
    let wire = try Wire(Shouting(), context: ServerContext(identity: authority.serving()))
    try wire.send("GET / HTTP/1.1\r\n\r\n")
    #expect(wire.worker.counters.snapshot.connectionsOpen == 0)
    #expect(wire.worker.counters.snapshot.handshakesFailed == 1)
  }
}
