import EventLoop
import Glibc

/// One HTTP/2 connection to the scaler, written down to the frames (RFC 9113): enough to call and to follow, nothing more.
final class ScalerClient {
  private static let data: UInt8 = 0
  private static let headers: UInt8 = 1
  private static let settings: UInt8 = 4
  private static let window: UInt8 = 8
  private static let end: UInt8 = 1

  private let socket: Descriptor
  private var nextStream: UInt32 = 1
  private var input: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  init(_ address: String) throws {
    socket = try Descriptor.connecting(to: SocketAddress(address))
    try wait(for: POLLOUT)
    // Room for all answers, so that no window has to be moved.
    try send(
      Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + Self.frame(Self.settings, 0, 0, [])
        + Self.frame(Self.window, 0, 0, [0x3f, 0xff, 0xff, 0xff]) + Self.frame(Self.settings, Self.end, 0, []))
  }

  /// Calls `GetMetrics`.
  /// - Returns: How many calls had no message in their answer.
  func call(_ calls: Int, atOnce: Int) throws -> Int {
    let request = ScalerRequest.framed(ScalerRequest.metrics)
    var (begun, ended, answered) = (0, 0, 0)
    while ended < calls {
      var output: [UInt8] = []
      while begun < calls, begun - ended < atOnce {
        output += self.request("GetMetrics", request)
        begun += 1
      }
      if !output.isEmpty { try send(output) }
      for frame in try receive() {
        if frame.kind == Self.data { answered += 1 }
        if frame.kind <= Self.headers, frame.flags & Self.end != 0 { ended += 1 }
      }
    }
    return calls - answered
  }

  /// Opens streams of `StreamIsActive`, and waits for the first message of each.
  func follow(_ streams: Int) throws {
    let request = ScalerRequest.framed(ScalerRequest.reference)
    for _ in 0..<streams { try send(self.request("StreamIsActive", request)) }
    var answered = 0
    while answered < streams { answered += try receive().count { $0.kind == Self.data } }
  }

  private func request(_ method: String, _ body: [UInt8]) -> [UInt8] {
    let stream = nextStream
    nextStream += 2
    // RFC 7541: POST and http are in the static table, the others are written out.
    var fields: [UInt8] = [0x83, 0x86]
    for (name, value) in [
      (":path", "/externalscaler.ExternalScaler/\(method)"), (":authority", "benchmark"),
      ("content-type", "application/grpc"), ("te", "trailers"),
    ] {
      fields += [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
    }
    return Self.frame(Self.headers, 4, stream, fields) + Self.frame(Self.data, Self.end, stream, body)
  }

  private static func frame(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
    let length = payload.count
    let id = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: stream >> $0) }
    return [UInt8(length >> 16), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), kind, flags] + id + payload
  }

  /// Waits for bytes, and returns the kinds and flags of the frames that are whole.
  private func receive() throws -> [(kind: UInt8, flags: UInt8)] {
    var transfer = try socket.read(into: &buffer)
    if transfer == .wouldBlock {
      try wait(for: POLLIN)
      transfer = try socket.read(into: &buffer)
    }
    guard case .bytes(let count) = transfer else { throw BenchmarkFailure("the scaler ended the connection") }
    input += buffer[..<count]
    var frames: [(UInt8, UInt8)] = []
    var start = 0
    while input.count - start >= 9 {
      let length = Int(input[start]) << 16 | Int(input[start + 1]) << 8 | Int(input[start + 2])
      guard input.count - start >= 9 + length else { break }
      frames.append((input[start + 3], input[start + 4]))
      start += 9 + length
    }
    input.removeFirst(start)
    return frames
  }

  private func send(_ bytes: [UInt8]) throws {
    var rest = bytes
    while !rest.isEmpty {
      switch try socket.write(rest) {
      case .bytes(let count): rest.removeFirst(count)
      case .wouldBlock: try wait(for: POLLOUT)
      case .endOfFile: throw BenchmarkFailure("the scaler ended the connection")
      }
    }
  }

  private func wait(for event: Int32) throws {
    var entry = pollfd(fd: socket.rawValue, events: Int16(event), revents: 0)
    // Ten seconds: only a server that hangs takes so long.
    while unsafe poll(&entry, 1, 10_000) <= 0 {
      guard errno == EINTR else { throw BenchmarkFailure("the scaler does not answer") }
    }
  }
}
