import EventLoop
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

@Suite("Answers of requests that came together")
struct BatchTests {
  /// Several clients of one loop, with what had been sent when each request was handled.
  private final class Clients {
    let worker: Worker
    private let log = SentLog()
    private var ends: [End] = []

    private final class End {
      let socket: Descriptor
      init(_ socket: consuming Descriptor) { self.socket = socket }
    }

    final class SentLog: Sendable {
      private let entries = Mutex<[Int]>([])
      func add(_ count: Int) { entries.withLock { $0.append(count) } }
      var all: [Int] { entries.withLock { $0 } }
    }

    init(_ count: Int) throws {
      let clock = ManualClock()
      worker = try Worker(name: "test", limits: Limits(), totals: ServerTotals()) { clock.continuousNow }
      var router = Router()
      router.get("/note") { [log, counters = worker.counters] _, _ in
        log.add(counters.snapshot.bytesSent)
        return .text("noted")
      }
      for _ in 0..<count { ends.append(try connect(HTTPService(router))) }
    }

    private func connect(_ service: HTTPService) throws -> End {
      End(Clients.connect(try SocketPair(), service, worker))
    }

    private static func connect(
      _ pair: consuming SocketPair, _ service: HTTPService, _ worker: Worker
    ) -> Descriptor {
      let near = pair.near
      let far = pair.far
      Connection(near, nil, service, on: worker)
      return far
    }

    /// Sends a request on every connection, then lets the loop take them as one batch.
    func ask(_ request: String = "GET /note HTTP/1.1\r\nHost: a\r\n\r\n") throws {
      for end in ends { _ = try end.socket.write(Array(request.utf8)) }
      try worker.loop.turn(waiting: false)
    }

    /// How many bytes had been sent when each request was handled.
    var sentBefore: [Int] { log.all }

    /// The statuses that each client has received.
    func received() throws -> [[Int]] {
      var buffer = [UInt8](repeating: 0, count: 4096)
      return try ends.map { end in
        guard case .bytes(let count) = try end.socket.read(into: &buffer) else { return [] }
        return statuses(String(decoding: buffer[..<count], as: UTF8.self))
      }
    }
  }

  @Test("leave together, within the same turn")
  func leaveTogether() throws {
    let clients = try Clients(3)
    try clients.ask()
    #expect(clients.sentBefore == [0, 0, 0])
    #expect(try clients.received() == [[200], [200], [200]])
    try clients.ask()
    #expect(try clients.received() == [[200], [200], [200]])
  }

  @Test("leave eight at a time, so that buffers and waiting stay bounded")
  func areBounded() throws {
    let clients = try Clients(20)
    try clients.ask()
    let steps = clients.sentBefore
    #expect(Set(steps).count == 3)
    #expect(steps.prefix(8).allSatisfy { $0 == 0 })
    #expect(steps[8] > 0 && steps[16] > steps[8])
    #expect(try clients.received() == Array(repeating: [200], count: 20))
    #expect(clients.worker.spareCount == 8)
  }

  @Test("leave before the connection ends, when an answer ends it")
  func endInOrder() throws {
    let clients = try Clients(2)
    try clients.ask("GET /note HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    #expect(try clients.received() == [[200], [200]])
  }
}
