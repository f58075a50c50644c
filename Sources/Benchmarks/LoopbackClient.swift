import EventLoop
import Glibc
import TLS

/// One keep-alive connection to a server in this process: sends a request, waits for its answer.
struct LoopbackClient: ~Copyable {
  // The session is freed before the socket that it writes to is closed: properties go in the order of their declaration.
  private var session: TLSSession
  private let socket: Descriptor
  /// Room for an answer; those of reviews are a few kilobytes.
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  /// Connects and shakes hands.
  init(_ address: SocketAddress, _ context: ClientContext, name: String) throws {
    let socket = try Descriptor.connecting(to: address)
    try LoopbackClient.wait(socket.rawValue, for: POLLOUT)
    var session = try context.session(over: socket.rawValue, to: name)
    while true {
      let outcome = try session.handshake()
      if outcome == .finished { break }
      guard outcome != .closed else { throw BenchmarkFailure("the server closed during the handshake") }
      try LoopbackClient.wait(socket.rawValue, for: outcome == .wantRead ? POLLIN : POLLOUT)
    }
    self.session = session
    self.socket = socket
  }

  /// Sends a request and reads its answer.
  ///
  /// - Throws: ``BenchmarkFailure`` for any answer but 200.
  mutating func exchange(_ request: [UInt8]) throws {
    var sent = 0
    while sent < request.count {
      let transfer = try unsafe request.withUnsafeBytes { bytes in
        try unsafe session.write(UnsafeRawBufferPointer(rebasing: bytes[sent...]))
      }
      sent += try progress(transfer)
    }
    var received = 0
    while true {
      if let length = LoopbackClient.answerLength(buffer[..<received]), received >= length { break }
      let room = received
      let transfer = try unsafe buffer.withUnsafeMutableBytes { bytes in
        try unsafe session.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[room...]))
      }
      received += try progress(transfer)
    }
    guard buffer.starts(with: "HTTP/1.1 200 ".utf8) else {
      throw BenchmarkFailure("not answered with 200: \(String(decoding: buffer[..<min(received, 200)], as: UTF8.self))")
    }
  }

  /// How many bytes a step moved; waits where it moved none.
  private func progress(_ transfer: TLSTransfer) throws -> Int {
    switch transfer {
    case .bytes(let count): return count
    case .wantRead: try LoopbackClient.wait(socket.rawValue, for: POLLIN)
    case .wantWrite: try LoopbackClient.wait(socket.rawValue, for: POLLOUT)
    case .closed: throw BenchmarkFailure("the server closed the connection")
    }
    return 0
  }

  /// The length of the whole answer, once its head is there.
  private static func answerLength(_ bytes: ArraySlice<UInt8>) -> Int? {
    let field = Array("content-length: ".utf8)
    var lineStart = bytes.startIndex
    var bodyLength = 0
    while let end = bytes[lineStart...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = bytes[lineStart..<end]
      if line.count <= 1 { return end + 1 + bodyLength }
      if line.count > field.count, line.prefix(field.count).elementsEqual(field, by: { $0 | 0x20 == $1 | 0x20 }) {
        bodyLength = line.dropFirst(field.count).reduce(0) { sum, digit in
          0x30...0x39 ~= digit ? sum * 10 + Int(digit - 0x30) : sum
        }
      }
      lineStart = end + 1
    }
    return nil
  }

  private static func wait(_ socket: Int32, for event: Int32) throws {
    var entry = pollfd(fd: socket, events: Int16(event), revents: 0)
    // Ten seconds: only a server that hangs takes so long.
    while unsafe poll(&entry, 1, 10_000) <= 0 {
      guard errno == EINTR else { throw BenchmarkFailure("the server does not answer") }
    }
  }
}
