import Testing

@testable import Scaler

@Suite("HTTP/2 protocol errors")
struct HTTP2ProtocolTests {
  /// What a server owes a client (RFC 9113, section 7).
  enum Outcome: Equatable {
    case goAway(UInt32)
    case reset(UInt32)
    case answer
    case pong
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let outcome: Outcome

    init(_ name: String, _ frames: [Frame], _ outcome: Outcome) {
      testDescription = name
      bytes = frames.flatMap(\.bytes)
      self.outcome = outcome
    }
  }

  private static func without(_ name: String) -> [(String, String)] {
    Frame.call("/x/y").filter { $0.0 != name }
  }

  static let connectionErrors = [
    Row("data on stream 0", [Frame(Frame.Kind.data, stream: 0)], .goAway(1)),
    Row("data on an idle stream", [Frame.data(1, [0])], .goAway(1)),
    Row("an even stream", [Frame.headers(2)], .goAway(1)),
    Row(
      "a frame that is too large", [Frame.headers(1), Frame.data(1, Array(repeating: 0, count: 16_385))], .goAway(6)),
    Row("an acknowledgement with a payload", [Frame(Frame.Kind.settings, flags: 1, payload: [0])], .goAway(6)),
    Row("settings cut short", [Frame(Frame.Kind.settings, payload: [0, 1, 0])], .goAway(6)),
    Row("settings on a stream", [Frame(Frame.Kind.settings, stream: 1)], .goAway(1)),
    Row("a window that is too large", [Frame(Frame.Kind.settings, payload: [0, 4, 255, 255, 255, 255])], .goAway(3)),
    Row("a short ping", [Frame(Frame.Kind.ping, payload: [1, 2, 3])], .goAway(6)),
    Row("a ping on a stream", [Frame(Frame.Kind.ping, stream: 1, payload: Array(repeating: 0, count: 8))], .goAway(1)),
    Row("a window update of nothing", [Frame(Frame.Kind.window, payload: [0, 0, 0, 0])], .goAway(1)),
    Row("a window past its limit", [Frame(Frame.Kind.window, payload: [127, 255, 255, 255])], .goAway(3)),
    Row("a continuation of nothing", [Frame(Frame.Kind.continuation, flags: 4, stream: 1)], .goAway(1)),
    Row("another frame within a head", [Frame.headers(1, flags: 0), Frame.ping], .goAway(1)),
    Row("a promise of a client", [Frame(Frame.Kind.push, flags: 4, stream: 1, payload: [0, 0, 0, 2])], .goAway(1)),
    Row("a reset of an idle stream", [Frame.reset(1)], .goAway(1)),
    Row(
      "fields that do not unpack",
      [Frame(Frame.Kind.headers, flags: 5, stream: 1, payload: [0xff, 0xff, 0xff, 0xff, 0xff])], .goAway(9)),
  ]

  static let streamErrors = [
    Row("a name in capitals", [Frame.headers(1, Frame.call("/x/y") + [("Foo", "bar")])], .reset(1)),
    Row("no path", [Frame.headers(1, without(":path"))], .reset(1)),
    Row("no method", [Frame.headers(1, without(":method"))], .reset(1)),
    Row("a field of HTTP/1", [Frame.headers(1, Frame.call("/x/y") + [("connection", "close")])], .reset(1)),
    Row(
      "more than the announced length",
      [Frame.headers(1, Frame.call("/x/y") + [("content-length", "1")]), Frame.data(1, [0, 0, 0, 0, 0])], .reset(1)),
  ]

  static let noErrors = [
    Row("a ping", [Frame.ping], .pong),
    // It may have been closed, and its frames on their way: nghttp2 passes over it.
    Row("a stream that goes back", [Frame.headers(5), Frame.headers(3), Frame.ping], .pong),
    Row("a frame of an unknown kind", [Frame(0xf0, payload: [1]), Frame.ping], .pong),
    Row("an unknown setting", [Frame(Frame.Kind.settings, payload: [0xf, 0xf, 0, 0, 0, 1]), Frame.ping], .pong),
    Row("a request that is not gRPC", [Frame.headers(1, without("content-type"), flags: 5)], .answer),
    Row("an unknown service", [Frame.headers(1, Frame.call("/x/y"), flags: 5)], .answer),
    Row("a call", [Frame.headers(1), Frame.data(1, [0, 0, 0, 0, 0])], .answer),
    Row(
      "a call in pieces", [Frame.headers(1), Frame.data(1, [0, 0], ends: false), Frame.data(1, [0, 0, 0])], .answer),
  ]

  @Test("are answered as the standard says", arguments: connectionErrors + streamErrors + noErrors)
  func answers(row: Row) {
    let peer = Peer()
    peer.begin()
    let frames = peer.send(row.bytes)
    switch row.outcome {
    case .goAway(let code):
      #expect(frames.last?.kind == Frame.Kind.goAway)
      #expect(frames.last?.word(at: 4) == code)
      #expect(peer.connection.isOver)
    case .reset(let code):
      #expect(frames.contains { $0.kind == Frame.Kind.reset && $0.stream == 1 && $0.word(at: 0) == code })
      #expect(!peer.connection.isOver)
    case .answer: #expect(frames.contains { $0.kind == Frame.Kind.headers && $0.stream == 1 && $0.flags & 1 == 1 })
    case .pong: #expect(frames.last == Frame(Frame.Kind.ping, flags: 1, payload: Frame.ping.payload))
    }
  }

  @Test("ends a connection that does not speak HTTP/2")
  func otherProtocol() {
    let peer = Peer()
    let frames = peer.send(Array("GET / HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
    #expect(frames.last?.kind == Frame.Kind.goAway)
    #expect(peer.connection.isOver)
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
  func flood(flood: Flood) {
    let peer = Peer()
    peer.begin()
    for turn in 0..<2000 {
      let frames = peer.send(flood.frames(UInt32(turn)).flatMap(\.bytes))
      guard let last = frames.last, last.kind == Frame.Kind.goAway else { continue }
      #expect(last.word(at: 4) == 11)
      #expect(peer.connection.isOver)
      #expect(turn >= 90)
      return
    }
    Issue.record("the flood was borne")
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
