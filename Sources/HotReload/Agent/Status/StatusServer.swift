internal import EventLoop
internal import Glibc

/// Answers `/startup`, `/status` and `/metrics` on the agent's loop: one small request and one answer a connection.
///
/// Kubelet and Prometheus are the clients, so there is no TLS, no body and no keep-alive. Everything is bounded: 16 connections (a probe, a scrape, and room for people), 4 KiB
/// of head and 5 seconds each.
final class StatusServer: EventHandler {
  static let connectionLimit = 16

  private let listener: Descriptor
  private let loop: EventLoop
  private let answer: (String) -> StatusAnswer
  private var connections: [ObjectIdentifier: StatusConnection] = [:]

  /// The port on which the server listens.
  let port: UInt16

  /// Listens on every interface, because kubelet probes the pod's address; where there is no IPv6, on those of IPv4.
  ///
  /// - Throws: `SystemError` when the port is taken.
  init(port: UInt16, on loop: EventLoop, answer: @escaping (String) -> StatusAnswer) throws(SystemError) {
    self.loop = loop
    self.answer = answer
    do {
      listener = try Self.listen(SocketAddress(octets: [UInt8](repeating: 0, count: 16), port: port))
    } catch {
      if error.code == .addressInUse { throw error }
      listener = try Self.listen(SocketAddress(octets: [0, 0, 0, 0], port: port))
    }
    self.port = try listener.localAddress().port
    _ = try loop.add(listener.rawValue, for: .readable, handler: self)
  }

  private static func listen(_ address: SocketAddress) throws(SystemError) -> Descriptor {
    try Descriptor.listening(on: address, backlog: 16)
  }

  func ready(_ readiness: Readiness) {
    while true {
      // Out of descriptors or not: the client tries again, and so does the next report.
      guard case .connection(let socket)? = Self.accept(listener) else { return }
      guard connections.count < Self.connectionLimit else { continue }
      open(socket)
    }
  }

  private static func accept(_ listener: borrowing Descriptor) -> Accepted? {
    do {
      return try listener.accept()
    } catch {
      return nil
    }
  }

  private func open(_ socket: consuming Descriptor) {
    let connection = StatusConnection(socket, loop: loop, answer: answer) { [weak self] connection in
      self?.connections[ObjectIdentifier(connection)] = nil
    }
    if connection.start() { connections[ObjectIdentifier(connection)] = connection }
  }
}

/// What a path of the status server answers.
struct StatusAnswer: Sendable, Equatable {
  var status = 200
  var type = "text/plain; charset=utf-8"
  var body = ""

  static let notFound = StatusAnswer(status: 404, body: "known are /startup, /status and /metrics\n")

  /// The answer as HTTP/1.1 text.
  func text(withBody: Bool) -> String {
    let reasons = [
      200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 503: "Service Unavailable",
    ]
    let head = [
      "HTTP/1.1 \(status) \(reasons[status] ?? "Error")", "Content-Type: \(type)", "Content-Length: \(body.utf8.count)",
      "Connection: close", "", "",
    ]
    return head.joined(separator: "\r\n") + (withBody ? body : "")
  }
}
