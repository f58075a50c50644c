/// HTTP/2 frames as a client writes them and a server answers them (RFC 9113, section 4.1).
public struct Frame: Equatable, Sendable {
  /// The numbers of the kinds of frames (section 6).
  public enum Kind {
    /// A part of a body.
    public static let data: UInt8 = 0
    /// The fields of a message.
    public static let headers: UInt8 = 1
    /// How streams depend on each other; deprecated.
    public static let priority: UInt8 = 2
    /// The end of a stream at once.
    public static let reset: UInt8 = 3
    /// The bounds of a connection.
    public static let settings: UInt8 = 4
    /// A promise of an answer; for servers only.
    public static let push: UInt8 = 5
    /// A question whether the other side is there.
    public static let ping: UInt8 = 6
    /// The end of a connection.
    public static let goAway: UInt8 = 7
    /// Room for more of a body.
    public static let window: UInt8 = 8
    /// More fields of a message.
    public static let continuation: UInt8 = 9
  }

  /// What a client sends before any frame (section 3.4).
  public static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  /// Settings without a change.
  public static let settings = Frame(Kind.settings)
  /// A ping.
  public static let ping = Frame(Kind.ping, payload: Array("pingping".utf8))

  /// What the frame is.
  public let kind: UInt8
  /// What it says besides.
  public let flags: UInt8
  /// The stream that it belongs to; 0 is the connection.
  public let stream: UInt32
  /// What it carries.
  public let payload: [UInt8]

  /// A frame of its parts.
  public init(_ kind: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, payload: [UInt8] = []) {
    self.kind = kind
    self.flags = flags
    self.stream = stream
    self.payload = payload
  }

  /// The frame on the wire.
  public var bytes: [UInt8] {
    let length = payload.count
    return [UInt8(length >> 16 & 0xff), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), kind, flags]
      + Frame.word(stream) + payload
  }

  /// A number in four bytes.
  public static func word(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// The number in four bytes of the payload.
  public func word(at offset: Int) -> UInt32 {
    payload[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// A request's fields, each as a literal without indexing (RFC 7541, section 6.2.2).
  public static func headers(
    _ stream: UInt32, _ fields: [(String, String)] = Frame.call("/externalscaler.ExternalScaler/GetMetricSpec"),
    flags: UInt8 = 4
  ) -> Frame {
    var block: [UInt8] = []
    for (name, value) in fields {
      block += [0, UInt8(name.utf8.count)] + Array(name.utf8)
      block += [UInt8(value.utf8.count)] + Array(value.utf8)
    }
    return Frame(Kind.headers, flags: flags, stream: stream, payload: block)
  }

  /// The fields of a gRPC call.
  public static func call(_ path: String) -> [(String, String)] {
    [
      (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "test"),
      ("content-type", "application/grpc"), ("te", "trailers"),
    ]
  }

  /// A part of a body.
  public static func data(_ stream: UInt32, _ bytes: [UInt8], ends: Bool = true) -> Frame {
    Frame(Kind.data, flags: ends ? 1 : 0, stream: stream, payload: bytes)
  }

  /// The client's word that it wants no more of a stream.
  public static func reset(_ stream: UInt32) -> Frame { Frame(Kind.reset, stream: stream, payload: word(8)) }

  /// The frames in what a server sent.
  public static func parse(_ bytes: [UInt8]) -> [Frame] {
    var frames: [Frame] = []
    var rest = bytes
    while let frame = takeFirst(&rest) { frames.append(frame) }
    return frames
  }

  /// Takes the first frame off; nil until it is whole.
  public static func takeFirst(_ bytes: inout [UInt8]) -> Frame? {
    guard bytes.count >= 9 else { return nil }
    let length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
    guard bytes.count >= 9 + length else { return nil }
    let stream = bytes[5..<9].reduce(0) { $0 << 8 | UInt32($1) }
    defer { bytes.removeFirst(9 + length) }
    return Frame(bytes[3], flags: bytes[4], stream: stream, payload: Array(bytes[9..<(9 + length)]))
  }
}
