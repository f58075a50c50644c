import EventLoop
import Testing

@Suite("Sockets and addresses")
struct SocketTests {
  @Test(
    "reads addresses and writes them back",
    arguments: [
      ("127.0.0.1:80", "127.0.0.1:80"), ("localhost:0", "127.0.0.1:0"), (":8443", "[::]:8443"),
      ("[::1]:65535", "[::1]:65535"), ("[2001:db8::1]:1", "[2001:db8::1]:1"), ("0.0.0.0:9876", "0.0.0.0:9876"),
    ])
  func readsAddresses(text: String, expected: String) throws {
    #expect(try SocketAddress(text).description == expected)
  }

  @Test(
    "refuses what is no address, and says what is wanted",
    arguments: [
      "", "80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "example.org:80", "[::1]",
    ])
  func refusesAddresses(text: String) {
    let error = #expect(throws: SystemError.self) { try SocketAddress(text) }
    #expect(error?.code == .invalid)
    #expect(error?.description.contains("\"\(text)\"") == true)
  }

  @Test("binds to a free port and tells which", arguments: ["127.0.0.1:0", "[::1]:0", ":0"])
  func binds(address: String) throws {
    let first = try Descriptor.listening(on: SocketAddress(address), .first)
    let bound = try first.localAddress()
    #expect(bound.port != 0)
    _ = try Descriptor.listening(on: bound, .joins)
  }

  @Test("names the address that is taken")
  func refusesTakenAddress() throws {
    let first = try Descriptor.listening(on: SocketAddress("127.0.0.1:0"))
    let bound = try first.localAddress()
    let error = #expect(throws: SystemError.self) { _ = try Descriptor.listening(on: bound) }
    #expect(error?.code == .addressInUse)
    #expect(error?.description.contains(bound.description) == true)
  }

  @Test("accepts what waits, then says that nothing does")
  func accepts() throws {
    let listener = try Descriptor.listening(on: SocketAddress("127.0.0.1:0"))
    let client = try Descriptor.connecting(to: listener.localAddress())
    guard case .connection(let server) = try listener.accept() else {
      Issue.record("no connection")
      return
    }
    #expect(try client.write([7]) == .bytes(1))
    var buffer: [UInt8] = [0, 0]
    #expect(try server.read(into: &buffer) == .bytes(1))
    guard case .none = try listener.accept() else {
      Issue.record("a connection from nowhere")
      return
    }
  }

  @Test("keeps what is in the queue and takes nothing new once it is to be closed")
  func ignoresNewConnections() throws {
    let listener = try Descriptor.listening(on: SocketAddress("127.0.0.1:0"))
    let early = try Descriptor.connecting(to: listener.localAddress())
    listener.ignoreNewConnections()
    let late = try Descriptor.connecting(to: listener.localAddress())
    var accepted = 0
    while case .connection = try listener.accept() { accepted += 1 }
    #expect(accepted == 1)
    _ = (early.rawValue, late.rawValue)
  }
}
