import TestSupport
import Testing

@testable import Scaler

@Suite("HTTP/2 protocol errors")
struct HTTP2ProtocolTests {
  @Test(
    "are answered as the standard says, in whatever pieces they come",
    arguments: HTTP2Row.streams + HTTP2Row.control + HTTP2Row.compression + HTTP2Row.messages, [Int.max, 11])
  func answers(row: HTTP2Row, pieces: Int) throws {
    let wire = try Wire()
    try wire.begin()
    let frames = try wire.send(row.bytes, pieces: pieces)
    switch row.outcome {
    case .goAway(let code):
      #expect(frames.last?.kind == Frame.Kind.goAway)
      #expect(frames.last?.word(at: 4) == code)
      #expect(wire.isClosed)
    case .reset(let code, let stream):
      let reset = frames.first { $0.kind == Frame.Kind.reset }
      #expect(reset == Frame(Frame.Kind.reset, stream: stream, payload: Frame.word(code)))
      try expectGoesOn(wire)
    case .answer:
      #expect(frames.contains { $0.kind == Frame.Kind.headers && $0.stream == 1 && $0.flags & 1 == 1 })
      try expectGoesOn(wire)
    case .nothing:
      #expect(!frames.contains { $0.kind == Frame.Kind.goAway })
      try expectGoesOn(wire)
    }
    try wire.hangUp()
    #expect(wire.openConnections == 0)
  }

  /// That the connection still serves: a call on a new stream and a ping are answered.
  private func expectGoesOn(_ wire: Wire) throws {
    let call = try wire.send(Frame.headers(101).bytes + Frame.data(101, [0, 0, 0, 0, 0]).bytes + Frame.ping.bytes)
    #expect(call.contains { $0.kind == Frame.Kind.headers && $0.stream == 101 && $0.flags & 1 == 1 })
    #expect(call.contains(Frame(Frame.Kind.ping, flags: 1, payload: Frame.ping.payload)))
    #expect(!wire.isClosed)
  }

  @Test(
    "ends a connection that does not begin as HTTP/2 does",
    arguments: [
      Array("GET / HTTP/1.1\r\nHost: test\r\n\r\n".utf8), Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r".utf8),
      [22, 3, 1, 2, 0, 1, 0, 1, 252], Frame.preface + Frame.ping.bytes, Frame.preface + Frame.headers(1).bytes,
      Frame.preface + Frame(Frame.Kind.settings, flags: 1).bytes,
    ] as [[UInt8]], [Int.max, 1])
  func otherProtocol(bytes: [UInt8], pieces: Int) throws {
    let wire = try Wire()
    let frames = try wire.send(bytes, pieces: pieces)
    #expect(frames.last?.kind == Frame.Kind.goAway)
    #expect(frames.last?.word(at: 4) == 1)
    #expect(wire.isClosed)
  }

  @Test("refuses more streams than it announces, and goes on when others have ended")
  func concurrentStreams() throws {
    let wire = try Wire()
    try wire.begin()
    let limit = UInt32(HTTP2Limits().streams)
    for turn in 0..<limit { _ = try wire.send(Frame.headers(2 * turn + 1).bytes) }
    let refused = try wire.send(Frame.headers(2 * limit + 1).bytes)
    #expect(refused.contains(Frame(Frame.Kind.reset, stream: 2 * limit + 1, payload: Frame.word(7))) || wire.isClosed)
    _ = try wire.send(Frame.data(1, [0, 0, 0, 0, 0]).bytes)
    let next = try wire.send((Frame.headers(2 * limit + 3).bytes + Frame.data(2 * limit + 3, [0, 0, 0, 0, 0]).bytes))
    #expect(next.contains { $0.kind == Frame.Kind.headers && $0.stream == 2 * limit + 3 && $0.flags & 1 == 1 })
  }

  @Test("announces its limits first")
  func settings() throws {
    let peer = Peer()
    let first = try #require(peer.take().first)
    #expect(first.kind == Frame.Kind.settings)
    #expect(first.payload == [0, 3, 0, 0, 4, 0, 0, 6, 0, 0, 32, 0])
  }

  struct Flood: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let frames: @Sendable (UInt32) -> [Frame]
  }

  static let floods = [
    Flood(testDescription: "pings") { _ in [Frame.ping] },
    Flood(testDescription: "settings") { _ in [Frame.settings] },
    Flood(testDescription: "resets") { turn in [Frame.headers(2 * turn + 1), Frame.reset(2 * turn + 1)] },
    Flood(testDescription: "empty data") { turn in
      (turn == 0 ? [Frame.headers(1)] : []) + [Frame.data(1, [], ends: false)]
    },
  ]

  @Test("tells a client that floods it to calm down", arguments: floods)
  func flood(flood: Flood) throws {
    let wire = try Wire()
    try wire.begin()
    for turn in 0..<2000 {
      let frames = try wire.send(flood.frames(UInt32(turn)).flatMap(\.bytes))
      guard let last = frames.last, last.kind == Frame.Kind.goAway else { continue }
      #expect(last.word(at: 4) == 11)
      #expect(wire.isClosed)
      #expect(turn >= 90)
      return
    }
    Issue.record("the flood was borne")
  }

  @Test("bears no head without an end")
  func endlessHead() throws {
    let wire = try Wire()
    try wire.begin()
    var frames = try wire.send(Frame.headers(1, flags: 0).bytes)
    let more = Frame(Frame.Kind.continuation, stream: 1, payload: [0, 1, 0x61, 1, 0x62])
    for _ in 0..<1000 where !wire.isClosed { frames += try wire.send(more.bytes) }
    #expect(frames.last?.kind == Frame.Kind.goAway)
    #expect(frames.last?.word(at: 4) == 11)
  }

  @Test("lets a client ping with each call, and end calls that were answered")
  func noFlood() {
    let peer = Peer()
    peer.begin()
    let watch = Frame.call("/grpc.health.v1.Health/Watch")
    for turn in 0..<900 as Range<UInt32> {
      peer.send(Frame.headers(4 * turn + 1), Frame.data(4 * turn + 1, [0, 0, 0, 0, 0]), Frame.ping)
      peer.send(Frame.headers(4 * turn + 3, watch), Frame.data(4 * turn + 3, [0, 0, 0, 0, 0]))
      peer.send(Frame.reset(4 * turn + 3))
      // Window updates, as any client sends them.
      peer.send(Frame(Frame.Kind.window, payload: [0, 0, 0, 100]))
    }
    #expect(!peer.connection.isOver)
  }

  @Test("stops at the client's window and goes on when it opens")
  func flowControl() {
    let peer = Peer()
    peer.begin()
    // No room for answers in new streams.
    peer.send(Frame(Frame.Kind.settings, payload: [0, 4, 0, 0, 0, 3]))
    let frames = peer.send(Frame.headers(1), Frame.data(1, [0, 0, 0, 0, 0]))
    #expect(frames.filter { $0.kind == Frame.Kind.data }.map(\.payload.count) == [3])
    let rest = peer.send(Frame(Frame.Kind.window, stream: 1, payload: [0, 0, 1, 0]))
    #expect(rest.first?.kind == Frame.Kind.data)
    #expect(rest.last?.kind == Frame.Kind.headers)
  }
}
