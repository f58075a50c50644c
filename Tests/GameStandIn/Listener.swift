import EventLoop

/// Takes connections on a port of the loopback, one request and one answer each.
final class Listener: EventHandler {
  private let socket: Descriptor
  private let loop: EventLoop
  private let answer: (String) -> String?
  private var connections: [Connection] = []
  let port: UInt16

  /// - Parameter answer: the answer to what has arrived; nil while more has to come.
  init(on loop: EventLoop, answer: @escaping (String) -> String?) throws(SystemError) {
    socket = try Descriptor.listening(on: SocketAddress(octets: [127, 0, 0, 1], port: 0))
    port = try socket.localAddress().port
    self.loop = loop
    self.answer = answer
    _ = try loop.add(socket.rawValue, for: .readable, handler: self)
  }

  func ready(_ readiness: Readiness) {
    connections.removeAll(where: \.isClosed)
    do {
      while case .connection(let peer) = try socket.accept() {
        connections.append(try Connection(peer, on: loop, answer: answer))
      }
    } catch {
      say("failed to accept: \(error)")
    }
  }
}

/// One connection of a listener.
private final class Connection: EventHandler {
  private let socket: Descriptor
  private let loop: EventLoop
  private let answer: (String) -> String?
  private var received = ""
  private var registration: EventLoop.Registration?
  var isClosed: Bool { registration == nil }

  init(_ socket: consuming Descriptor, on loop: EventLoop, answer: @escaping (String) -> String?) throws(SystemError) {
    self.socket = socket
    self.loop = loop
    self.answer = answer
    registration = try loop.add(self.socket.rawValue, for: .readable, handler: self)
  }

  func ready(_ readiness: Readiness) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    guard case .bytes(let count)? = try? socket.read(into: &bytes) else { return close() }
    received += String(decoding: bytes[..<count], as: UTF8.self)
    guard let text = answer(received) else { return }
    // Answers are small, so they fit the socket's buffer.
    _ = try? socket.write(Array(text.utf8))
    socket.finishSending()
    received = ""
  }

  private func close() {
    if let registration { loop.remove(registration) }
    registration = nil
  }
}
