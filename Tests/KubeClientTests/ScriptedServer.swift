import Foundation
import Glibc
import Synchronization
import TestSupport

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
