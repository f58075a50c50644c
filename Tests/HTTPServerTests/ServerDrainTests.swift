import EventLoop
import Glibc
import HTTPServer
import Synchronization
import TestSupport
import Testing

@Suite("A server that starts and ends")
struct ServerDrainTests {
  private func limits() -> Limits {
    var limits = Limits()
    limits.drainQuiet = .milliseconds(50)
    return limits
  }

  @Test("serves several endpoints, plain and on one loop, and tells their ports")
  func startsEndpoints() throws {
    var health = Router()
    health.get("/healthz") { _, _ in .text("ok") }
    let server = try Server(
      [Endpoint("127.0.0.1:0", router: sampleRouter()), Endpoint("127.0.0.1:0", spread: .oneLoop, router: health)],
      threads: 2, limits: limits())
    #expect(!server.isReady)
    let addresses = try server.start()
    #expect(server.isReady)
    #expect(Set(addresses).count == 2)
    for (address, path, status) in [
      (addresses[0], "/hello", 200), (addresses[0], "/healthz", 404), (addresses[1], "/healthz", 200),
    ] {
      let client = try BlockingClient(address)
      #expect(try client.request(path).status == status)
    }
    server.stop()
    #expect(!server.isReady)
    #expect(server.statistics.connectionsOpen == 0)
    #expect(server.statistics.connectionsAccepted == 3)
  }

  @Test("names the address that it cannot have")
  func refusesAddress() throws {
    let taken = try Descriptor.listening(on: SocketAddress("127.0.0.1:0"))
    let address = try taken.localAddress().description
    let server = try Server([Endpoint(address, router: sampleRouter())], threads: 1)
    let error = #expect(throws: ServerError.self) { try server.start() }
    #expect(error?.description.contains(address) == true)
  }

  @Test("asks clients to go elsewhere while it drains, and still takes new ones within the grace")
  func drainsPolitely() throws {
    let server = try Server([Endpoint("127.0.0.1:0", router: sampleRouter())], threads: 1, limits: limits())
    let address = try #require(try server.start().first)
    let old = try BlockingClient(address)
    #expect(try old.request("/hello").closes == false)
    server.drain(grace: .milliseconds(300))
    #expect(!server.isReady)
    #expect(try old.request("/hello").closes)
    #expect(try BlockingClient(address).request("/hello").closes)
    server.join()
    #expect(throws: BlockingClient.Refused.self) { _ = try BlockingClient(address) }
  }

  @Test("lets connections wait while it has as many as it may, and serves them when others end")
  func boundsConnections() throws {
    var limits = limits()
    limits.connections = 2
    let server = try Server([Endpoint("127.0.0.1:0", router: sampleRouter())], threads: 2, limits: limits)
    let address = try #require(try server.start().first)
    var open = [try BlockingClient(address), try BlockingClient(address)]
    for client in open { #expect(try client.request("/hello").status == 200) }
    let waiting = try BlockingClient(address)
    try waiting.send("/hello")
    #expect(try open[0].request("/hello").status == 200)
    #expect(server.statistics.connectionsAccepted == 2)
    open.removeAll()
    #expect(try waiting.receive().status == 200)
    server.stop()
    #expect(server.statistics.connectionsAccepted == 3)
  }

  @Test("finishes what is in flight before it ends")
  func finishesInFlight() throws {
    let handles = Mutex<[ResponseHandle]>([])
    let arrived = Semaphore()
    var router = Router()
    router.catchAll { _, _, handle in
      handles.withLock { $0.append(handle) }
      arrived.signal()
      return .later
    }
    let server = try Server([Endpoint("127.0.0.1:0", router: router)], threads: 1, limits: limits())
    let address = try #require(try server.start().first)
    let client = try BlockingClient(address)
    try client.send("/slow")
    arrived.wait()
    server.drain(grace: .zero)
    // The listener is gone when a connection is refused; the answer comes only then.
    while (try? BlockingClient(address)) != nil {}
    for handle in handles.withLock({ $0 }) { handle.respond(.text("done")) }
    let answer = try client.receive()
    #expect(answer.status == 200)
    #expect(answer.closes)
    handles.withLock { $0.removeAll() }
    server.join()
  }

  @Test("ends streams when it ends")
  func endsStreams() throws {
    let told = Semaphore()
    let streaming = Semaphore()
    let handles = Mutex<[ResponseHandle]>([])
    var router = Router()
    router.catchAll { _, _, handle in
      handle.start(Response(.ok))
      handle.onClosed { told.signal() }
      handles.withLock { $0.append(handle) }
      streaming.signal()
      return .later
    }
    let server = try Server([Endpoint("127.0.0.1:0", router: router)], threads: 1, limits: limits())
    let address = try #require(try server.start().first)
    let client = try BlockingClient(address)
    try client.send("/watch")
    streaming.wait()
    server.drain(grace: .zero)
    told.wait()
    #expect(try client.receive().text.hasSuffix("\r\n\r\n0\r\n\r\n"))
    server.join()
  }

  @Test("fails no request of well-behaved clients when it ends under load")
  func failsNothingUnderLoad() throws {
    let server = try Server([Endpoint("127.0.0.1:0", router: sampleRouter())], threads: 2, limits: limits())
    let address = try #require(try server.start().first)
    let answered = Atomic(0)
    let failed = Atomic(0)
    let warm = Semaphore()
    var threads: [ClientThread] = []
    for number in 0..<8 {
      threads.append(
        try ClientThread {
          var rounds = 0
          while let client = try? BlockingClient(address) {
            var goesOn = true
            while goesOn {
              guard let answer = try? client.request("/hello", closing: number % 2 == 0), answer.status == 200 else {
                failed.add(1, ordering: .relaxed)
                break
              }
              answered.add(1, ordering: .relaxed)
              goesOn = !answer.closes
              rounds += 1
              if rounds == 100 { warm.signal() }
            }
          }
        })
    }
    for _ in threads { warm.wait() }
    server.drain(grace: .milliseconds(100))
    server.join()
    for thread in threads { thread.join() }
    #expect(failed.load(ordering: .relaxed) == 0)
    #expect(answered.load(ordering: .relaxed) >= 800)
    #expect(server.statistics.responses == [200: answered.load(ordering: .relaxed)])
  }
}
