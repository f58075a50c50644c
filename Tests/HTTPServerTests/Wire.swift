import EventLoop
import TLS
import TestSupport

@testable import HTTPServer

/// One connection of a server over a socket pair, on a loop that turns by hand under a clock that moves by hand.
final class Wire {
  let clock = ManualClock()
  let worker: Worker
  private var client: Descriptor?
  private(set) var isClosed = false

  convenience init(_ router: Router, limits: Limits = Limits()) throws {
    try self.init(HTTPService(router), limits: limits)
  }

  /// A connection of any protocol, over TLS when a context is given.
  init(_ service: some StreamService, limits: Limits = Limits(), context: ServerContext? = nil) throws {
    worker = try Worker(name: "test", limits: limits, totals: ServerTotals()) { [clock] in clock.continuousNow }
    client = Self.connect(try SocketPair(), service, context, worker)
  }

  private static func connect(
    _ pair: consuming SocketPair, _ service: some StreamService, _ context: ServerContext?, _ worker: Worker
  ) -> Descriptor {
    let near = pair.near
    let far = pair.far
    Connection(near, context, service, on: worker)
    return far
  }

  /// Sends bytes as the client, as far as the socket takes them, and lets the server act.
  @discardableResult
  func send(_ bytes: [UInt8]) throws -> Int {
    var sent = 0
    if case .bytes(let count)? = try client?.write(bytes) { sent = count }
    try settle()
    return sent
  }

  /// Sends bytes as the client, all of them, as long as the server takes some.
  func sendAll(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = try send(Array(rest.prefix(65_536)))
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }

  func send(_ text: String) throws {
    try send(Array(text.utf8))
  }

  /// Lets the server do everything that is possible now.
  func settle() throws {
    for _ in 0..<8 { try worker.loop.turn(waiting: false) }
  }

  /// Waits for what another thread does, then lets the server act.
  func turn() throws {
    try worker.loop.turn(waiting: true)
    try settle()
  }

  func advance(by duration: Duration) throws {
    clock.advance(by: duration)
    try settle()
  }

  /// Everything that has arrived at the client.
  func receive() throws -> String {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while let transfer = try client?.read(into: &buffer) {
      guard case .bytes(let count) = transfer else {
        if transfer == .endOfFile { isClosed = true }
        break
      }
      text += buffer[..<count]
      try settle()
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Sends text and returns the answer.
  func exchange(_ text: String) throws -> String {
    try send(text)
    return try receive()
  }

  /// Ends the client's side.
  func hangUp() throws {
    client = nil
    try settle()
  }
}

/// The routes that most tests use.
func sampleRouter() -> Router {
  var router = Router()
  router.get("/hello") { head, _ in .text("hello \(head.query ?? "-")") }
  router.post("/echo") { _, body in
    var bytes: [UInt8] = []
    for index in body.indices { bytes.append(body[index]) }
    return .json(bytes)
  }
  return router
}

/// The status codes of the answers in a text, in order.
func statuses(_ text: String) -> [Int] {
  text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).dropFirst().compactMap { Int($0.prefix(3)) }
}
