/// HTTP/2 frames as a client writes them and a server answers them (RFC 9113, section 4.1).
struct Frame: Equatable {
  enum Kind {
    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let reset: UInt8 = 3
    static let settings: UInt8 = 4
    static let push: UInt8 = 5
    static let ping: UInt8 = 6
    static let goAway: UInt8 = 7
    static let window: UInt8 = 8
    static let continuation: UInt8 = 9
  }

  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  static let settings = Frame(Kind.settings)
  static let ping = Frame(Kind.ping, payload: Array("pingping".utf8))

  let kind: UInt8
  let flags: UInt8
  let stream: UInt32
  let payload: [UInt8]

  init(_ kind: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, payload: [UInt8] = []) {
    self.kind = kind
    self.flags = flags
    self.stream = stream
    self.payload = payload
  }

  var bytes: [UInt8] {
    let length = payload.count
    return [UInt8(length >> 16 & 0xff), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), kind, flags]
      + Frame.word(stream) + payload
  }

  static func word(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// The number in four bytes of the payload.
  func word(at offset: Int) -> UInt32 {
    payload[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// A request's fields, each as a literal without indexing (RFC 7541, section 6.2.2).
  static func headers(
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

  static func call(_ path: String) -> [(String, String)] {
    [
      (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "test"),
      ("content-type", "application/grpc"), ("te", "trailers"),
    ]
  }

  static func data(_ stream: UInt32, _ bytes: [UInt8], ends: Bool = true) -> Frame {
    Frame(Kind.data, flags: ends ? 1 : 0, stream: stream, payload: bytes)
  }

  static func reset(_ stream: UInt32) -> Frame { Frame(Kind.reset, stream: stream, payload: word(8)) }

  /// The frames in what a server sent.
  static func parse(_ bytes: [UInt8]) -> [Frame] {
    var frames: [Frame] = []
    var rest = bytes[...]
    while rest.count >= 9 {
      let head = Array(rest.prefix(9))
      let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
      let stream = head[5...].reduce(0) { $0 << 8 | UInt32($1) }
      rest = rest.dropFirst(9)
      frames.append(Frame(head[3], flags: head[4], stream: stream, payload: Array(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return frames
  }
}
