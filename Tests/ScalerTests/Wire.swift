import EventLoop
import TestSupport

@testable import HTTPServer
@testable import Scaler

/// A client of one of the server's own connections over a socket pair, on a loop that turns by hand.
final class Wire {
  let peer = Peer()
  private let worker: Worker
  private let clock = ManualClock()
  private var client: Descriptor?
  /// Whether the server has ended the connection.
  private(set) var isClosed = false

  init() throws {
    worker = try Worker(name: "test", limits: Limits(), totals: ServerTotals()) { [clock] in clock.continuousNow }
    let service = GRPCService(methods: peer.methods, metrics: peer.metrics)
    client = Self.connect(try SocketPair(), service, worker)
  }

  private static func connect(
    _ pair: consuming SocketPair, _ service: GRPCService, _ worker: Worker
  ) -> Descriptor {
    let near = pair.near
    let far = pair.far
    Connection(near, nil, service, on: worker)
    return far
  }

  /// How many connections the server holds.
  var openConnections: Int { worker.counters.snapshot.connectionsOpen }

  /// Sends bytes in pieces, lets the server act after each, and returns the frames that come back.
  func send(_ bytes: [UInt8], pieces: Int = .max) throws -> [Frame] {
    var rest = bytes[...]
    var answer: [UInt8] = []
    while !rest.isEmpty {
      let piece = Array(rest.prefix(pieces))
      // A server that has ended the connection reads no more.
      guard case .bytes(let count)? = try? client?.write(piece) else { break }
      rest = rest.dropFirst(count)
      try settle()
      answer += try receive()
    }
    return Frame.parse(answer)
  }

  /// Begins the connection as a client does.
  func begin() throws {
    _ = try send(Frame.preface + Frame.settings.bytes)
  }

  /// Ends the client's side.
  func hangUp() throws {
    client = nil
    try settle()
  }

  private func settle() throws {
    for _ in 0..<4 { try worker.loop.turn(waiting: false) }
  }

  private func receive() throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while let transfer = try client?.read(into: &buffer) {
      guard case .bytes(let count) = transfer else {
        if transfer == .endOfFile { isClosed = true }
        break
      }
      bytes += buffer[..<count]
      try settle()
    }
    return bytes
  }
}
