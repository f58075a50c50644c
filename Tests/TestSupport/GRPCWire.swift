import Glibc

/// One connection to a gRPC server over loopback, written down to the frames: calls one after the other, and waits for each answer.
public final class GRPCWire {
  /// Why a call has no answer.
  public struct Failure: Error, CustomStringConvertible {
    /// What happened.
    public let description: String
  }

  private let socket: Int32
  private var received: [UInt8] = []
  private var nextStream: UInt32 = 1

  /// Connects to `127.0.0.1:port` and begins as HTTP/2 does.
  public init(_ address: String) throws {
    guard let port = address.split(separator: ":").last.flatMap({ UInt16($0) }) else {
      throw Failure(description: "\(address) has no port")
    }
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = unsafe withUnsafeBytes(of: &name) { bytes in
      unsafe connect(socket, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
    guard result == 0 else { throw Failure(description: "cannot connect to \(address)") }
    // Room for all answers of the connection's life, so that no window has to be moved.
    try write(Frame.preface + Frame.settings.bytes + Frame(Frame.Kind.window, payload: Frame.word(0x3fff_ffff)).bytes)
  }

  deinit {
    close(socket)
  }

  /// Calls a method that takes one message and answers with one.
  /// - Throws: ``Failure`` for a call that fails, with the status where the server told one.
  public func call(_ path: String, _ message: [UInt8]) throws -> [UInt8] {
    let stream = nextStream
    nextStream += 2
    let prefix: [UInt8] = [0] + Frame.word(UInt32(message.count))
    try write(Frame.headers(stream, Frame.call(path)).bytes + Frame.data(stream, prefix + message).bytes)
    var body: [UInt8] = []
    while true {
      let frame = try next()
      guard frame.kind != Frame.Kind.goAway else { throw Failure(description: "the server ended the connection") }
      guard frame.stream == stream else { continue }
      if frame.kind == Frame.Kind.data { body += frame.payload }
      guard frame.flags & 1 == 1 || frame.kind == Frame.Kind.reset else { continue }
      guard body.count >= 5 else { throw Failure(description: String(decoding: frame.payload, as: UTF8.self)) }
      return Array(body.dropFirst(5))
    }
  }

  /// The next frame; settings and pings are answered on the way.
  private func next() throws -> Frame {
    while true {
      if let frame = Frame.takeFirst(&received) {
        let wantsAnswer = [Frame.Kind.settings, Frame.Kind.ping].contains(frame.kind) && frame.flags & 1 == 0
        if wantsAnswer {
          try write(Frame(frame.kind, flags: 1, payload: frame.kind == Frame.Kind.ping ? frame.payload : []).bytes)
        }
        return frame
      }
      // A minute: only a server that hangs takes so long.
      var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 60_000) == 1 else { throw Failure(description: "no answer for a minute") }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe recv(socket, &buffer, buffer.count, 0)
      guard count > 0 else { throw Failure(description: "the connection was cut") }
      received += buffer[..<count]
    }
  }

  private func write(_ bytes: [UInt8]) throws {
    // Requests are far smaller than a socket's buffer, so they are taken whole.
    let sent = unsafe send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    guard sent == bytes.count else { throw Failure(description: "the connection was cut") }
  }
}
