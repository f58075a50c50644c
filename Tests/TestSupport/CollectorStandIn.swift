import Foundation
import Glibc
import Synchronization

/// A gRPC server on loopback, written down to the frames, that takes calls with one message each and answers as the test says.
public final class CollectorStandIn: Sendable {
  /// One call.
  public struct Call: Sendable {
    /// The block of its fields as it came, compressed as HPACK has it (RFC 7541).
    public let fields: [UInt8]
    /// Its message.
    public let message: [UInt8]
  }

  /// What is done with a call.
  public enum Answer: Sendable {
    /// Ends it well, with this message.
    case message([UInt8])
    /// Ends it with a status of gRPC and no message.
    case status(Int, String = "")
    /// Answers as a server that knows no gRPC.
    case http(Int)
    /// Never answers.
    case silence
    /// Closes the connection.
    case cut
  }

  /// `host:port`.
  public let address: String
  private let listener: Int32
  private let answer: @Sendable (Int) -> Answer
  private let state = Mutex<[Call]>([])

  /// Listens on a free port.
  ///
  /// - Parameter answer: what is done with each call; the number counts them from 0.
  public init(_ answer: @escaping @Sendable (Int) -> Answer = { _ in .message([]) }) throws {
    let (listener, port) = try Loopback.listen()
    (self.listener, address, self.answer) = (listener, "127.0.0.1:\(port)", answer)
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0, let self else {
          // Closed here and not by who stops: its number may belong to another socket at once.
          close(listener)
          return
        }
        Thread.detachNewThread {
          self.serve(connection)
          close(connection)
        }
      }
    }
  }

  deinit { stop() }

  /// Stops accepting.
  public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// The calls up to now.
  public var calls: [Call] { state.withLock { $0 } }

  private func serve(_ connection: Int32) {
    // Windows that hold every request, so that none has to be moved (section 6.5.2: 4 is the window of a stream).
    let room: UInt32 = 1 << 24
    let settings = Frame(Frame.Kind.settings, payload: [0, 4] + Frame.word(room))
    Loopback.send(settings.bytes + Frame(Frame.Kind.window, payload: Frame.word(room)).bytes, to: connection)
    var buffer: [UInt8] = []
    var isBegun = false
    var streams: [UInt32: (fields: [UInt8], body: [UInt8])] = [:]
    while let more = Loopback.receive(from: connection) {
      buffer += more
      if !isBegun {
        guard buffer.count >= Frame.preface.count else { continue }
        guard buffer.starts(with: Frame.preface) else { return }
        buffer.removeFirst(Frame.preface.count)
        isBegun = true
      }
      while let frame = Frame.takeFirst(&buffer) {
        switch frame.kind {
        case Frame.Kind.settings where frame.flags & 1 == 0:
          Loopback.send(Frame(Frame.Kind.settings, flags: 1).bytes, to: connection)
        case Frame.Kind.ping where frame.flags & 1 == 0:
          Loopback.send(Frame(Frame.Kind.ping, flags: 1, payload: frame.payload).bytes, to: connection)
        case Frame.Kind.headers, Frame.Kind.continuation:
          streams[frame.stream, default: ([], [])].fields += frame.payload
        case Frame.Kind.data: streams[frame.stream, default: ([], [])].body += frame.payload
        default: break
        }
        guard [Frame.Kind.headers, Frame.Kind.data].contains(frame.kind), frame.flags & 1 == 1,
          let (fields, body) = streams.removeValue(forKey: frame.stream)
        else { continue }
        guard take(Call(fields: fields, message: Array(body.dropFirst(5))), frame.stream, connection) else { return }
      }
    }
  }

  /// Answers a call; false where the connection ends.
  private func take(_ call: Call, _ stream: UInt32, _ connection: Int32) -> Bool {
    let number = state.withLock { calls in
      calls.append(call)
      return calls.count - 1
    }
    let head = Frame.headers(stream, [(":status", "200"), ("content-type", "application/grpc")])
    switch answer(number) {
    case .message(let message):
      let body = Frame.data(stream, [0] + Frame.word(UInt32(message.count)) + message, ends: false)
      let trailers = Frame.headers(stream, [("grpc-status", "0")], flags: 5)
      return Loopback.send(head.bytes + body.bytes + trailers.bytes, to: connection)
    case .status(let status, let message):
      let fields = [(":status", "200"), ("grpc-status", "\(status)"), ("grpc-message", message)]
      return Loopback.send(Frame.headers(stream, fields, flags: 5).bytes, to: connection)
    case .http(let status):
      return Loopback.send(Frame.headers(stream, [(":status", "\(status)")], flags: 5).bytes, to: connection)
    case .silence: return true
    case .cut: return false
    }
  }
}
