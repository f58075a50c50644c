import EventLoop
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

@Suite("Answers that come later")
struct ResponseHandleTests {
  /// Keeps the handle of the last request for the test.
  private final class Keeper: Sendable {
    private let handle = Mutex<ResponseHandle?>(nil)

    func keep(_ next: ResponseHandle?) { handle.withLock { $0 = next } }

    var current: ResponseHandle { get throws { try #require(handle.withLock { $0 }) } }
  }

  private static let request = "GET /watch HTTP/1.1\r\nHost: a\r\n\r\n"

  private func wire(_ keeper: Keeper, limits: Limits = Limits()) throws -> Wire {
    var router = sampleRouter()
    router.catchAll { head, _, handle in
      if head.path == "/now" { return .now(.text("now")) }
      keeper.keep(handle)
      return .later
    }
    return try Wire(router, limits: limits)
  }

  @Test("answers from another thread, then goes on with the pipelined request")
  func answersLater() throws {
    let keeper = Keeper()
    let wire = try wire(keeper)
    #expect(try wire.exchange(Self.request + "GET /now HTTP/1.1\r\nHost: a\r\n\r\n").isEmpty)
    let handle = try keeper.current
    #expect(wire.worker.counters.snapshot.requestsInFlight == 1)
    Thread.run { handle.respond(.text("later")) }
    try wire.turn()
    let answer = try wire.receive()
    #expect(answer.components(after: "\r\n\r\n") == ["later\n", "now\n"])
    #expect(wire.worker.counters.snapshot.requestsInFlight == 0)
  }

  @Test("streams in chunks, and keeps the connection")
  func streams() throws {
    let keeper = Keeper()
    let wire = try wire(keeper)
    try wire.send(Self.request)
    let handle = try keeper.current
    #expect(handle.start(Response(.ok, contentType: "application/json")))
    #expect(handle.write(Array("{}\n".utf8)) == .accepted)
    try wire.settle()
    #expect(try wire.receive().hasSuffix("Transfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\n"))
    #expect(handle.write(Array("[]".utf8)) == .accepted)
    handle.end()
    try wire.settle()
    #expect(try wire.receive() == "2\r\n[]\r\n0\r\n\r\n")
    #expect(handle.write([1]) == .gone)
    #expect(statuses(try wire.exchange("GET /now HTTP/1.1\r\nHost: a\r\n\r\n")) == [200])
  }

  @Test("tells the handler that the client has gone")
  func tellsOfLoss() throws {
    let keeper = Keeper()
    let wire = try wire(keeper)
    try wire.send(Self.request)
    let handle = try keeper.current
    let told = Atomic(0)
    handle.onClosed { told.add(1, ordering: .relaxed) }
    _ = handle.start(Response(.ok))
    try wire.settle()
    #expect(told.load(ordering: .relaxed) == 0)
    try wire.hangUp()
    #expect(told.load(ordering: .relaxed) == 1)
    #expect(handle.write([1]) == .gone)
    handle.onClosed { told.add(1, ordering: .relaxed) }
    #expect(told.load(ordering: .relaxed) == 2)
  }

  @Test("takes no more from the handler than a slow client may have waiting")
  func boundsStreams() throws {
    let keeper = Keeper()
    var limits = Limits()
    limits.streamBytes = 1_000_000
    let wire = try wire(keeper, limits: limits)
    try wire.send(Self.request)
    let handle = try keeper.current
    _ = handle.start(Response(.ok))
    let part = [UInt8](repeating: 120, count: 300_000)
    var accepted = 0
    while handle.write(part) == .accepted, accepted < 100 {
      accepted += 1
      try wire.settle()
    }
    #expect((3..<20).contains(accepted))
    #expect(handle.write(part) == .full)
    _ = try wire.receive()
    #expect(handle.write(part) == .accepted)
  }

  @Test("answers 500 for a handle that goes away, and cuts a stream that goes away")
  func abandons() throws {
    let keeper = Keeper()
    let wire = try wire(keeper)
    try wire.send(Self.request)
    keeper.keep(nil)
    try wire.settle()
    #expect(statuses(try wire.receive()) == [500])
    try wire.send(Self.request)
    _ = try keeper.current.start(Response(.ok))
    keeper.keep(nil)
    try wire.settle()
    let cut = try wire.receive()
    #expect(statuses(cut) == [200])
    #expect(!cut.contains("0\r\n\r\n"))
    #expect(wire.isClosed)
  }

  @Test("answers only once, however often it is told to")
  func answersOnce() throws {
    let keeper = Keeper()
    let wire = try wire(keeper)
    try wire.send(Self.request)
    let handle = try keeper.current
    handle.respond(.text("first"))
    handle.respond(.text("second"))
    try wire.settle()
    #expect(try wire.receive().components(after: "\r\n\r\n") == ["first\n"])
  }
}

private enum Thread {
  /// Runs a closure on another thread.
  static func run(_ body: @escaping @Sendable () -> Void) {
    do {
      let thread = try LoopThread(name: "test", body)
      thread.join()
    } catch {
      Issue.record(error)
    }
  }
}
