internal import EventLoop
internal import Glibc

/// A connection to a port of the own pod that waits, at most until a deadline.
struct LoopbackConnection: ~Copyable {
  private let socket: Descriptor
  private let deadline: ContinuousClock.Instant

  /// Connects over IPv4 or, where nothing listens there, over IPv6: containers of a pod share both loopback addresses.
  ///
  /// - Throws: `SystemError` when nobody listens, or not before the deadline.
  init(port: UInt16, deadline: ContinuousClock.Instant) throws(SystemError) {
    self.deadline = deadline
    do {
      socket = try Self.connect(SocketAddress(octets: [127, 0, 0, 1], port: port), deadline)
    } catch let first {
      let loopback = SocketAddress(octets: [UInt8](repeating: 0, count: 15) + [1], port: port)
      guard let second = Self.connectIfPossible(loopback, deadline) else { throw first }
      socket = second
    }
  }

  private static func connectIfPossible(_ address: SocketAddress, _ deadline: ContinuousClock.Instant) -> Descriptor? {
    do {
      return try connect(address, deadline)
    } catch {
      return nil
    }
  }

  private static func connect(
    _ address: SocketAddress, _ deadline: ContinuousClock.Instant
  ) throws(SystemError) -> Descriptor {
    let socket = try Descriptor.connecting(to: address)
    let operation = "connect to \(address)"
    guard wait(socket.rawValue, Int16(POLLOUT), deadline) else {
      throw SystemError(code: .init(rawValue: ETIMEDOUT), operation: operation)
    }
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    let number = socket.rawValue
    try FileSystem.check(operation) { unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length) }
    guard code == 0 else { throw SystemError(code: .init(rawValue: code), operation: operation) }
    return socket
  }

  /// Waits until the descriptor is ready, or answers false at the deadline.
  static func wait(_ descriptor: Int32, _ events: Int16, _ deadline: ContinuousClock.Instant) -> Bool {
    while true {
      let left = ContinuousClock.now.duration(to: deadline)
      let (seconds, attoseconds) = left.components
      let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
      guard milliseconds >= 0, left > .zero else { return false }
      var entry = pollfd(fd: descriptor, events: events, revents: 0)
      let result = unsafe poll(&entry, 1, Int32(clamping: milliseconds + 1))
      if result > 0 { return true }
      if result < 0, errno != EINTR { return false }
    }
  }

  /// Sends everything.
  func send(_ bytes: [UInt8]) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      switch try socket.write(Array(rest)) {
      case .bytes(let count): rest = rest.dropFirst(count)
      case .endOfFile: throw SystemError(code: .init(rawValue: ECONNRESET), operation: "send to the game")
      case .wouldBlock:
        guard Self.wait(socket.rawValue, Int16(POLLOUT), deadline) else {
          throw SystemError(code: .init(rawValue: ETIMEDOUT), operation: "send to the game")
        }
      }
    }
  }

  /// Tells the peer that nothing more comes.
  func finishSending() { socket.finishSending() }

  /// What arrives next; empty at the end of the stream, nil when nothing came before the deadline.
  func receive() throws(SystemError) -> [UInt8]? {
    // More than any head or line that is looked at; what is longer comes in the next call.
    var bytes = [UInt8](repeating: 0, count: 4096)
    while true {
      switch try socket.read(into: &bytes) {
      case .bytes(let count): return Array(bytes[..<count])
      case .endOfFile: return []
      case .wouldBlock: guard Self.wait(socket.rawValue, Int16(POLLIN), deadline) else { return nil }
      }
    }
  }
}

/// A line to a TCP port: `reload REVISION`.
struct TCPDelivery {
  let port: UInt16

  /// The time for connecting and for an answer; the peer is in the same pod, so seconds are long.
  static let limit = Duration.seconds(2)

  /// Delivered once the peer has taken the line: it answers, closes, or stays silent.
  ///
  /// An answer that starts with `error` is a refusal.
  func run(_ revision: String) -> DeliveryOutcome {
    do {
      let connection = try LoopbackConnection(port: port, deadline: .now + Self.limit)
      try connection.send(Array("reload \(revision)\n".utf8))
      connection.finishSending()
      guard let answer = try connection.receive(), answer.starts(with: "error".utf8) else { return .delivered }
      let line = answer.prefix(200).prefix { $0 != UInt8(ascii: "\n") }
      return .failed("port \(port) answered: \(String(decoding: line, as: UTF8.self))")
    } catch {
      return .failed("port \(port): \(error)")
    }
  }
}
