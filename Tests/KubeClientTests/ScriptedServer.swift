import Foundation
import Glibc
import Synchronization

/// An HTTP/1.1 server on loopback that does exactly what a test says, mistakes included.
final class ScriptedServer: Sendable {
  struct Request: Sendable {
    let line: String
    let headers: [String]
    let body: String
  }

  enum Action: Sendable {
    /// Sends text as it is.
    case send(String)
    /// Sends a whole answer.
    case answer(Int, String, headers: [String] = [])
    /// Waits until the client goes away.
    case waitForEnd
    /// Closes the connection.
    case close
  }

  let port: UInt16
  private let listener: Int32
  private let seen = Mutex<[Request]>([])

  /// - Parameter script: What is done for each request; the number counts requests from 0.
  init(_ script: @escaping @Sendable (Request, Int) -> [Action]) throws {
    (listener, port) = try Loopback.listen()
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else {
          // Closed here and not by who stops: its number may belong to another socket at once.
          Glibc.close(listener)
          return
        }
        Thread.detachNewThread { [self] in
          serve(connection, script)
          Glibc.close(connection)
        }
      }
    }
  }

  /// Stops accepting, which ends the accepting thread.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// The requests up to now.
  var requests: [Request] { seen.withLock { $0 } }

  private func serve(_ connection: Int32, _ script: (Request, Int) -> [Action]) {
    var buffer: [UInt8] = []
    while let request = readRequest(connection, &buffer) {
      let number = seen.withLock { seen in
        seen.append(request)
        return seen.count - 1
      }
      for action in script(request, number) {
        switch action {
        case .send(let text): Loopback.send(Array(text.utf8), to: connection)
        case .answer(let status, let body, let headers):
          let head = ["HTTP/1.1 \(status) x", "Content-Length: \(body.utf8.count)"] + headers
          Loopback.send(Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8), to: connection)
        case .waitForEnd:
          while let more = Loopback.receive(from: connection), !more.isEmpty {}
          return
        case .close: return
        }
      }
    }
  }

  private func readRequest(_ connection: Int32, _ buffer: inout [UInt8]) -> Request? {
    let end = Array("\r\n\r\n".utf8)
    var headEnd = buffer.firstRange(of: end)
    while headEnd == nil {
      guard let more = Loopback.receive(from: connection) else { return nil }
      buffer += more
      headEnd = buffer.firstRange(of: end)
    }
    guard let headEnd else { return nil }
    let lines = String(decoding: buffer[..<headEnd.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    buffer.removeSubrange(..<headEnd.upperBound)
    let length =
      lines.first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.drop { $0 != " " }.dropFirst()) } ?? 0
    while buffer.count < length {
      guard let more = Loopback.receive(from: connection) else { return nil }
      buffer += more
    }
    let body = String(decoding: buffer.prefix(length), as: UTF8.self)
    buffer.removeFirst(length)
    return Request(line: lines[0], headers: Array(lines.dropFirst()), body: body)
  }
}

/// Blocking sockets on loopback.
enum Loopback {
  struct Failure: Error {}

  /// A listening socket on a port that the kernel chose.
  static func listen() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = address(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        let bound = unsafe bind(descriptor, $0, length)
        return unsafe bound == 0 && Glibc.listen(descriptor, 64) == 0 ? getsockname(descriptor, $0, &length) : -1
      }
    }
    guard status == 0 else { throw Failure() }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  /// A connection to a port.
  static func connect(port: UInt16) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = address(port: port)
    let status = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }

  /// The next bytes; nil at the end.
  static func receive(from descriptor: Int32) -> [UInt8]? {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
    return count > 0 ? Array(chunk[..<count]) : nil
  }

  /// Sends all; false when the other side is gone.
  @discardableResult
  static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var place = 0
    while place < bytes.count {
      let count = unsafe bytes[place...].withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      place += count
    }
    return true
  }

  private static func address(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
