import EventLoop
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

@Suite("Connections under a clock that moves by hand")
struct ConnectionTests {
  private static let hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
  private static let echoHead = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"

  @Test("answers pipelined requests in order, whichever way they are cut")
  func pipelines() throws {
    let request =
      "GET /hello?1 HTTP/1.1\r\nHost: a\r\n\r\n\(Self.echoHead)Content-Length: 2\r\n\r\n{}"
      + "\(Self.echoHead)Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\nGET /hello?2 HTTP/1.1\r\nHost: a\r\n\r\n"
    let bytes = Array(request.utf8)
    for cut in 0...bytes.count {
      let wire = try Wire(sampleRouter())
      try wire.send(Array(bytes[..<cut]))
      let first = try wire.receive()
      try wire.send(Array(bytes[cut...]))
      let answer = try first + wire.receive()
      #expect(statuses(answer) == [200, 200, 200, 200], "cut at \(cut)")
      let bodies = answer.components(after: "\r\n\r\n")
      #expect(bodies == ["hello 1\n", "{}", "[]", "hello 2\n"], "cut at \(cut)")
    }
  }

  @Test("sends a large pipelined backlog without keeping it all in memory")
  func boundsPipelinedOutput() throws {
    var router = Router()
    router.get("/big") { _, _ in Response(.ok, body: [UInt8](repeating: 120, count: 100_000)) }
    let wire = try Wire(router)
    try wire.send(String(repeating: "GET /big HTTP/1.1\r\nHost: a\r\n\r\n", count: 40))
    let answer = try wire.receive()
    #expect(statuses(answer).count == 40)
    #expect(answer.utf8.count > 4_000_000)
  }

  @Test("leaves the body out of the answer to HEAD and keeps its length")
  func answersHead() throws {
    let wire = try Wire(sampleRouter())
    let answer = try wire.exchange("HEAD /hello?x HTTP/1.1\r\nHost: a\r\n\r\n" + Self.hello)
    #expect(statuses(answer) == [200, 200])
    #expect(answer.contains("Content-Length: 8\r\n"))
    #expect(answer.components(separated: "hello").count == 2)
  }

  @Test("names the methods of a path in a 405")
  func allows() throws {
    let wire = try Wire(sampleRouter())
    #expect(try wire.exchange("PUT /hello HTTP/1.1\r\nHost: a\r\n\r\n").contains("Allow: GET, HEAD\r\n"))
  }

  @Test("asks for the body once when the client waits for it")
  func continues() throws {
    let wire = try Wire(sampleRouter())
    let asked = try wire.exchange(Self.echoHead + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n")
    #expect(asked == "HTTP/1.1 100 Continue\r\n\r\n")
    #expect(try wire.exchange("{").isEmpty)
    #expect(statuses(try wire.exchange("}")) == [200])
  }

  @Test("does not ask for a body that is there already")
  func continuesNot() throws {
    let wire = try Wire(sampleRouter())
    let answer = try wire.exchange(Self.echoHead + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}")
    #expect(statuses(answer) == [200])
  }

  @Test("takes a body of exactly the limit")
  func takesLargestBody() throws {
    var limits = Limits()
    limits.bodyBytes = 300_000
    let wire = try Wire(sampleRouter(), limits: limits)
    try wire.send(Self.echoHead + "Content-Length: 300000\r\n\r\n")
    let body = [UInt8](repeating: 120, count: 300_000)
    var sent = 0
    while sent < body.count { sent += try wire.send(Array(body[sent...])) }
    #expect(try wire.receive().hasSuffix(String(repeating: "x", count: 300_000)))
  }

  @Test("cuts a slow head after five seconds, however it trickles")
  func cutsSlowHead() throws {
    let wire = try Wire(sampleRouter())
    try wire.send("GET /hello HTTP/1.1\r\n")
    for _ in 0..<4 {
      try wire.advance(by: .milliseconds(1200))
      try wire.send("X: 1\r\n")
    }
    #expect(try wire.receive().isEmpty)
    try wire.advance(by: .milliseconds(300))
    #expect(statuses(try wire.receive()) == [408])
    #expect(wire.isClosed)
  }

  @Test("cuts a slow body after ten seconds")
  func cutsSlowBody() throws {
    let wire = try Wire(sampleRouter())
    try wire.send(Self.echoHead + "Content-Length: 5\r\n\r\n{")
    try wire.advance(by: .milliseconds(9999))
    #expect(try wire.receive().isEmpty)
    try wire.advance(by: .milliseconds(1))
    #expect(statuses(try wire.receive()) == [408])
  }

  @Test("keeps an unused connection for two minutes, counted from the last answer")
  func closesIdle() throws {
    let wire = try Wire(sampleRouter())
    try wire.advance(by: .seconds(119))
    #expect(statuses(try wire.exchange(Self.hello)) == [200])
    try wire.advance(by: .milliseconds(119_999))
    _ = try wire.receive()
    #expect(!wire.isClosed)
    try wire.advance(by: .milliseconds(1))
    #expect(try wire.receive().isEmpty)
    #expect(wire.isClosed)
  }

  @Test("asks a client to go elsewhere once its connection is old")
  func endsOldConnections() throws {
    let wire = try Wire(sampleRouter())
    var answers: [Bool] = []
    for _ in 0..<3 {
      try wire.advance(by: .seconds(89))
      answers.append(try wire.exchange(Self.hello).contains("Connection: close"))
    }
    #expect(answers == [false, false, false])
    try wire.advance(by: .seconds(64))
    #expect(try wire.exchange(Self.hello).contains("Connection: close"))
  }

  @Test("forgets a client that takes nothing of its answer")
  func cutsStalledReader() throws {
    var router = Router()
    router.get("/big") { _, _ in Response(.ok, body: [UInt8](repeating: 120, count: 4_000_000)) }
    let wire = try Wire(router)
    try wire.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
    try wire.advance(by: .seconds(9))
    #expect(wire.worker.counters.snapshot.connectionsOpen == 1)
    try wire.advance(by: .seconds(1))
    #expect(wire.worker.counters.snapshot.connectionsOpen == 0)
  }

  @Test("answers 429 with Retry-After when too many requests are in flight, and drops the body")
  func shedsLoad() throws {
    var limits = Limits()
    limits.requestsInFlight = 0
    let wire = try Wire(sampleRouter(), limits: limits)
    try wire.send(Self.echoHead + "Content-Length: 4\r\n\r\n{")
    let answer = try wire.exchange("  }" + Self.hello)
    #expect(statuses(answer) == [429, 200])
    #expect(answer.contains("Retry-After: 1\r\n"))
  }

  @Test("gives no place to a request that is refused already and only read to its end")
  func refusedTakesNoPlace() throws {
    var limits = Limits()
    limits.requestsInFlight = 0
    let wire = try Wire(sampleRouter(), limits: limits)
    try wire.send(Self.echoHead + "Content-Length: 4\r\n\r\n{")
    #expect(wire.worker.counters.snapshot.requestsInFlight == 0)
  }

  @Test("answers 429 and ends the connection when large bodies that are not complete fill their room")
  func boundsWaitingBodies() throws {
    var limits = Limits()
    limits.waitingBytes = 300_000
    let first = try Wire(sampleRouter(), limits: limits)
    let part = [UInt8](repeating: UInt8(ascii: " "), count: 150_000)
    try first.send(Self.echoHead + "Content-Length: 1000000\r\n\r\n")
    try first.sendAll(part)
    #expect(try first.receive().isEmpty)
    #expect(first.worker.totals.waitingBytes.load(ordering: .relaxed) == 150_000)
    try first.sendAll(part + part)
    let answer = try first.receive()
    #expect(statuses(answer) == [429])
    #expect(answer.contains("Retry-After: 1\r\n") && answer.contains("Connection: close\r\n"))
    #expect(first.worker.totals.waitingBytes.load(ordering: .relaxed) == 0)
  }

  @Test("gives the room of a large body back when it is complete, and when its client goes away")
  func freesWaitingBodies() throws {
    let wire = try Wire(sampleRouter())
    let part = [UInt8](repeating: UInt8(ascii: " "), count: 100_000)
    try wire.send(Self.echoHead + "Content-Length: 200000\r\n\r\n")
    try wire.sendAll(part)
    #expect(wire.worker.totals.waitingBytes.load(ordering: .relaxed) == 100_000)
    try wire.sendAll(part)
    #expect(statuses(try wire.receive()) == [200])
    #expect(wire.worker.totals.waitingBytes.load(ordering: .relaxed) == 0)
    try wire.send(Self.echoHead + "Content-Length: 200000\r\n\r\n")
    try wire.sendAll(part)
    try wire.hangUp()
    #expect(wire.worker.totals.waitingBytes.load(ordering: .relaxed) == 0)
  }

  @Test("gives its buffers back while it is idle, and counts what it does")
  func restsWithoutBuffers() throws {
    let wire = try Wire(sampleRouter())
    _ = try wire.exchange(Self.hello)
    let statistics = wire.worker.counters.snapshot
    #expect(statistics.connectionsOpen == 1)
    #expect(statistics.responses == [200: 1])
    #expect(statistics.bytesReceived == Self.hello.utf8.count)
    #expect(statistics.requestsInFlight == 0)
    #expect(wire.worker.spareCount == 1)
    try wire.hangUp()
    #expect(wire.worker.counters.snapshot.connectionsOpen == 0)
    #expect(wire.worker.loop.timerCount == 0)
  }

  @Test("frees a request's place when its client goes away within the body")
  func leavesPlace() throws {
    let wire = try Wire(sampleRouter())
    try wire.send(Self.echoHead + "Content-Length: 4\r\n\r\n{")
    #expect(wire.worker.counters.snapshot.requestsInFlight == 1)
    try wire.hangUp()
    #expect(wire.worker.counters.snapshot.requestsInFlight == 0)
  }
}

extension String {
  /// The parts between separators.
  func components(separated separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }

  /// For answers one after another: the body of each.
  func components(after separator: String) -> [String] {
    components(separated: "HTTP/1.1 200").dropFirst().compactMap { $0.components(separated: separator).last }
  }
}
