import EventLoop
import Glibc
import HTTPServer
import Synchronization

/// A client that blocks, keeps its connection, and does what `Connection: close` asks for.
final class BlockingClient {
  /// Nobody listens.
  struct Refused: Error {}
  /// The connection ended before an answer did.
  struct Cut: Error {}

  struct Answer {
    let text: String
    let status: Int
    let closes: Bool
  }

  private let socket: Descriptor

  init(_ address: String) throws {
    socket = try Descriptor.connecting(to: SocketAddress(address))
    var events = try wait(Int16(POLLOUT))
    // With a filter on the listener, a late SYN is answered by nobody: its repetition after a second finds it closed.
    while events == 0 { events = try wait(Int16(POLLOUT)) }
    guard events & Int16(POLLERR | POLLHUP) == 0 else { throw Refused() }
  }

  func request(_ path: String, closing: Bool = false) throws -> Answer {
    try send(path, closing: closing)
    return try receive()
  }

  func send(_ path: String, closing: Bool = false) throws {
    let fields = closing ? "Connection: close\r\n" : ""
    let bytes = Array("GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8)
    guard case .bytes(bytes.count) = try socket.write(bytes) else { throw Cut() }
  }

  /// Reads one answer: to the end of its body, or of the connection when it has no length.
  func receive() throws -> Answer {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let answer = Self.whole(text) { return answer }
      switch try socket.read(into: &buffer) {
      case .bytes(let count): bytes += buffer[..<count]
      case .wouldBlock: _ = try wait(Int16(POLLIN))
      case .endOfFile: throw Cut()
      }
    }
  }

  private static func whole(_ text: String) -> Answer? {
    let parts = text.components(separated: "\r\n\r\n")
    guard parts.count > 1, let status = Int(text.dropFirst(9).prefix(3)) else { return nil }
    let lines = parts[0].components(separated: "\r\n")
    let length = lines.first { $0.hasPrefix("Content-Length: ") }.flatMap { Int($0.dropFirst(16)) }
    let body = parts.dropFirst().joined(separator: "\r\n\r\n")
    guard length.map({ body.utf8.count >= $0 }) ?? text.hasSuffix("0\r\n\r\n") else { return nil }
    return Answer(text: text, status: status, closes: lines.contains("Connection: close"))
  }

  private func wait(_ events: Int16) throws -> Int16 {
    var entry = pollfd(fd: socket.rawValue, events: events, revents: 0)
    unsafe _ = poll(&entry, 1, 60_000)
    return entry.revents
  }
}

/// Counts signals for a thread that waits for them.
@safe final class Semaphore: @unchecked Sendable {
  // Safe because a semaphore is made for being used by many threads.
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    unsafe semaphore = .allocate(capacity: 1)
    unsafe sem_init(semaphore, 0, 0)
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  func signal() { unsafe sem_post(semaphore) }

  func wait() {
    while unsafe sem_wait(semaphore) != 0 {}
  }
}

/// A thread that can stand in an array.
final class ClientThread: Sendable {
  private let thread = Mutex<LoopThread?>(nil)

  init(_ body: @escaping @Sendable () -> Void) throws {
    try thread.withLock { $0 = try LoopThread(name: "client", body) }
  }

  func join() {
    let taken = thread.withLock { state -> LoopThread? in
      let taken = consume state
      state = nil
      return taken
    }
    if let running = taken { running.join() }
  }
}
