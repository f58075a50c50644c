import TestSupport
import Testing

/// What a client does wrong, or just right, and what a server owes it (RFC 9113).
struct HTTP2Row: Sendable, CustomTestStringConvertible {
  /// What comes of it (sections 5.4 and 7).
  enum Outcome: Equatable {
    /// The connection ends with this code.
    case goAway(UInt32)
    /// The stream ends with this code, the connection goes on.
    case reset(UInt32, stream: UInt32 = 1)
    /// The stream is answered in full.
    case answer
    /// The frames are let go by: the ping behind them is answered.
    case nothing
  }

  let testDescription: String
  let bytes: [UInt8]
  let outcome: Outcome

  init(_ name: String, _ frames: [Frame], _ outcome: Outcome) {
    testDescription = name
    bytes = frames.flatMap(\.bytes)
    self.outcome = outcome
  }

  private static func without(_ name: String) -> [(String, String)] { Frame.call("/x/y").filter { $0.0 != name } }
  private static func with(_ fields: (String, String)...) -> [(String, String)] { Frame.call("/x/y") + fields }
  private static func call(_ fields: (String, String)...) -> [(String, String)] {
    Frame.call("/externalscaler.ExternalScaler/GetMetricSpec") + fields
  }
  private static func setting(_ id: UInt8, _ value: UInt32) -> Frame {
    Frame(Frame.Kind.settings, payload: [0, id] + Frame.word(value))
  }
  private static func block(_ payload: [UInt8]) -> Frame {
    Frame(Frame.Kind.headers, flags: 5, stream: 1, payload: payload)
  }

  /// Sections 4.1, 4.2, 5.1 and 5.1.1: sizes, states and numbers of streams.
  static let streams = [
    Self("data on stream 0", [Frame(Frame.Kind.data, stream: 0)], .goAway(1)),
    Self("data on an idle stream", [Frame.data(1, [0])], .goAway(1)),
    Self("a head on stream 0", [Frame.headers(0)], .goAway(1)),
    Self("a head on an even stream", [Frame.headers(2)], .goAway(1)),
    Self("a stream that goes back", [Frame.headers(5), Frame.headers(3)], .goAway(1)),
    Self("a stream that goes back after its end", [Frame.headers(9, flags: 5), Frame.headers(1)], .goAway(1)),
    Self("a second head before the end", [Frame.headers(1), Frame.headers(1)], .reset(1)),
    Self("data after the end", [Frame.headers(1, flags: 5), Frame.data(1, [0])], .goAway(5)),
    Self("a head after the end", [Frame.headers(1, flags: 5), Frame.headers(1)], .goAway(5)),
    Self("data behind a reset", [Frame.headers(1), Frame.reset(1), Frame.data(1, [0])], .goAway(5)),
    Self("a head behind a reset", [Frame.headers(1), Frame.reset(1), Frame.headers(1)], .goAway(5)),
    Self(
      "a window update behind a reset",
      [Frame.headers(1), Frame.reset(1), Frame(Frame.Kind.window, stream: 1, payload: [0, 0, 0, 1])], .nothing),
    Self(
      "data on its way to a stream that the server has ended",
      [Frame.headers(1, Frame.call("/x/y")), Frame.data(1, [0], ends: false), Frame.data(1, [0])], .nothing),
    Self(
      "fields on their way to a stream that the server has ended",
      [Frame.headers(1, Frame.call("/x/y")), Frame.headers(1, [("a", "b")], flags: 5)], .nothing),
    Self("a frame of an unknown kind", [Frame(0xf0, payload: [1])], .nothing),
    Self(
      "a frame that is too large", [Frame.headers(1), Frame.data(1, Array(repeating: 0, count: 16_385))], .goAway(6)),
    Self(
      "a head that is too large",
      [Frame(Frame.Kind.headers, flags: 4, stream: 1, payload: Array(repeating: 0, count: 16_385))],
      .goAway(6)),
    Self(
      "padding longer than the frame",
      [Frame.headers(1), Frame(Frame.Kind.data, flags: 8, stream: 1, payload: [9, 0])],
      .goAway(1)),
  ]

  /// Sections 6.3 to 6.10: the frames that only steer.
  static let control = [
    Self("a priority on stream 0", [Frame(Frame.Kind.priority, payload: [0, 0, 0, 1, 0])], .goAway(1)),
    Self("a short priority", [Frame(Frame.Kind.priority, stream: 1, payload: [0, 0, 0, 1])], .goAway(6)),
    Self(
      "a stream that depends on itself", [Frame(Frame.Kind.priority, stream: 1, payload: [0, 0, 0, 1, 0])], .goAway(1)),
    Self("a reset of an idle stream", [Frame.reset(1)], .goAway(1)),
    Self("a reset of stream 0", [Frame.reset(0)], .goAway(1)),
    Self("a short reset", [Frame.headers(1), Frame(Frame.Kind.reset, stream: 1, payload: [0, 0, 8])], .goAway(6)),
    Self("settings cut short", [Frame(Frame.Kind.settings, payload: [0, 1, 0])], .goAway(6)),
    Self("settings on a stream", [Frame(Frame.Kind.settings, stream: 1)], .goAway(1)),
    Self("an acknowledgement with a payload", [Frame(Frame.Kind.settings, flags: 1, payload: [0])], .goAway(6)),
    Self("a push setting of 2", [setting(2, 2)], .goAway(1)),
    Self("a window setting past its limit", [setting(4, 0x8000_0000)], .goAway(3)),
    Self("a frame size below the least", [setting(5, 16_383)], .goAway(1)),
    Self("a frame size above the most", [setting(5, 0x100_0000)], .goAway(1)),
    Self("an unknown setting", [Frame(Frame.Kind.settings, payload: [0xf, 0xf, 0, 0, 0, 1])], .nothing),
    Self("a promise of a client", [Frame(Frame.Kind.push, flags: 4, stream: 1, payload: [0, 0, 0, 2])], .goAway(1)),
    Self("a short ping", [Frame(Frame.Kind.ping, payload: [1, 2, 3])], .goAway(6)),
    Self("a long ping", [Frame(Frame.Kind.ping, payload: Array(repeating: 0, count: 9))], .goAway(6)),
    Self("a ping on a stream", [Frame(Frame.Kind.ping, stream: 1, payload: Array(repeating: 0, count: 8))], .goAway(1)),
    Self(
      "a goodbye on a stream", [Frame(Frame.Kind.goAway, stream: 1, payload: Array(repeating: 0, count: 8))], .goAway(1)
    ),
    Self("a short goodbye", [Frame(Frame.Kind.goAway, payload: [0, 0, 0, 0])], .goAway(6)),
    Self("a short window update", [Frame(Frame.Kind.window, payload: [0, 0, 1])], .goAway(6)),
    Self("a window update of nothing", [Frame(Frame.Kind.window, payload: [0, 0, 0, 0])], .goAway(1)),
    Self("a window past its limit", [Frame(Frame.Kind.window, payload: [127, 255, 255, 255])], .goAway(3)),
    Self(
      "a window update of an idle stream", [Frame(Frame.Kind.window, stream: 1, payload: [0, 0, 0, 1])], .goAway(1)),
    Self(
      "a window update of nothing on a stream",
      [Frame.headers(1), Frame(Frame.Kind.window, stream: 1, payload: [0, 0, 0, 0])], .goAway(1)),
    Self(
      "a stream's window past its limit",
      [Frame.headers(1), Frame(Frame.Kind.window, stream: 1, payload: [127, 255, 255, 255])], .reset(3)),
    Self("a continuation of nothing", [Frame(Frame.Kind.continuation, flags: 4, stream: 1)], .goAway(1)),
    Self(
      "a continuation of a whole head", [Frame.headers(1), Frame(Frame.Kind.continuation, flags: 4, stream: 1)],
      .goAway(1)),
    Self("another frame within a head", [Frame.headers(1, flags: 0), Frame.ping], .goAway(1)),
    Self(
      "a continuation on another stream",
      [Frame.headers(1, flags: 0), Frame(Frame.Kind.continuation, flags: 4, stream: 3)], .goAway(1)),
  ]

  /// Section 4.3 and RFC 7541: fields that do not unpack.
  static let compression = [
    Self("an index past the table", [block([0xff, 0xff, 0xff, 0xff, 0x0f])], .goAway(9)),
    Self("an index without an end", [block([0xff, 0xff, 0xff, 0xff, 0xff])], .goAway(9)),
    Self("an index of 0", [block([0x80])], .goAway(9)),
    Self("a name that is cut short", [block([0, 10, 0x61])], .goAway(9)),
    Self("a code that ends with padding of zeros", [block([0, 0x81, 0, 0])], .goAway(9)),
    Self("a table larger than allowed", [block([0x3f, 0xe2, 0x1f])], .goAway(9)),
  ]

  /// Section 8: fields that are no request.
  static let messages = [
    Self("a name in capitals", [Frame.headers(1, with(("Foo", "bar")))], .reset(1)),
    Self("no path", [Frame.headers(1, without(":path"))], .reset(1)),
    Self("an empty path", [Frame.headers(1, without(":path") + [(":path", "")])], .reset(1)),
    Self("no method", [Frame.headers(1, without(":method"))], .reset(1)),
    Self("no scheme", [Frame.headers(1, without(":scheme"))], .reset(1)),
    Self("two paths", [Frame.headers(1, [(":path", "/x/y")] + Frame.call("/x/y"))], .reset(1)),
    Self("a status in a request", [Frame.headers(1, [(":status", "200")] + Frame.call("/x/y"))], .reset(1)),
    Self("a path behind other fields", [Frame.headers(1, without(":path") + [(":path", "/x/y")])], .reset(1)),
    Self("a field of HTTP/1", [Frame.headers(1, with(("connection", "close")))], .reset(1)),
    Self("a te that is not trailers", [Frame.headers(1, without("te") + [("te", "gzip")])], .reset(1)),
    Self("a line break in a value", [Frame.headers(1, with(("foo", "a\nb")))], .nothing),
    Self(
      "more than the announced length",
      [Frame.headers(1, call(("content-length", "1"))), Frame.data(1, [0, 0, 0, 0, 0])],
      .reset(1)),
    Self(
      "less than the announced length",
      [Frame.headers(1, call(("content-length", "9"))), Frame.data(1, [0, 0, 0, 0, 0])],
      .reset(1)),
    Self("a path behind the body", [Frame.headers(1), Frame.headers(1, [(":path", "/x/y")], flags: 5)], .reset(1)),
    Self("a request that is not gRPC", [Frame.headers(1, without("content-type"), flags: 5)], .answer),
    Self("an unknown service", [Frame.headers(1, Frame.call("/x/y"), flags: 5)], .answer),
    Self("a call", [Frame.headers(1), Frame.data(1, [0, 0, 0, 0, 0])], .answer),
    Self(
      "a call with an end of fields",
      [Frame.headers(1), Frame.data(1, [0, 0, 0, 0, 0], ends: false), Frame.headers(1, [("a", "b")], flags: 5)], .answer
    ),
    Self(
      "a call in pieces", [Frame.headers(1), Frame.data(1, [0, 0], ends: false), Frame.data(1, [0, 0, 0])], .answer),
  ]
}
