/// Calls methods of one gRPC server that take one message and answer with one, such as a collector of traces.
///
/// HTTP/2 in the clear, as servers within a cluster take it, with a connection for each call: for few calls with much in them.
public final class GRPCCaller: Sendable {
  /// Why a call has no answer.
  public struct Failure: Error, Sendable, Equatable {
    /// The status that gRPC has for it; nil where the server did not say, because it was not reached or went away.
    public let status: Int?
    /// What the server or the transport says.
    public let message: String
  }

  /// Bytes of the largest answer; those of collectors are some hundred.
  private static let answerLimit = 1 << 20

  private let transport: Transport
  private let headers: [String]

  /// Prepares a thread for the server.
  ///
  /// - Parameters:
  ///   - address: `host:port`.
  ///   - userAgent: The value of the field `User-Agent`.
  ///   - metadata: Fields that each call carries besides, whole lines.
  public init(_ address: String, userAgent: String, metadata: [String] = []) {
    // A proxy would have to know HTTP/2 without being told, too.
    var endpoint = Endpoint(server: "http://\(address)", proxy: "")
    endpoint.version = .two
    transport = Transport(endpoint)
    headers = ["Content-Type: application/grpc", "TE: trailers", "User-Agent: \(userAgent)"] + metadata
  }

  /// Calls a method and waits for its answer; a cancelled task ends the call.
  ///
  /// - Parameters:
  ///   - path: `/package.Service/Method`.
  ///   - timeout: From the start of the connection to the last byte; the server is told.
  /// - Throws: A ``Failure`` for every status but 0, and where there is none.
  public func call(_ path: String, _ message: [UInt8], timeout: Duration) async throws(Failure) -> [UInt8] {
    let limit = "grpc-timeout: \(Int((timeout / .milliseconds(1)).rounded(.up)))m"
    var call = HTTPCall(
      method: .post, target: path, headers: headers + [limit], body: GRPCMessage.framed(message), timeout: timeout)
    call.answerLimit = Self.answerLimit
    switch await transport.perform(call) {
    case .failure(let failure): throw Failure(status: nil, message: failure.message)
    case .success(let answer):
      guard answer.head.status == 200 else {
        throw Failure(status: GRPCMessage.status(http: answer.head.status), message: "HTTP \(answer.head.status)")
      }
      // Without a status the stream was cut before its trailers.
      guard let status = answer.head.grpcStatus else { throw Failure(status: nil, message: "no gRPC status") }
      guard status == 0 else { throw Failure(status: status, message: answer.head.grpcMessage ?? "") }
      guard let message = GRPCMessage.unframed(answer.body) else {
        throw Failure(status: 13, message: "an answer that is not one plain message")
      }
      return message
    }
  }

  /// Ends what is in flight and waits for the end of the thread.
  public func shutDown() { transport.shutDown() }
}

/// Messages as gRPC has them in the bodies of HTTP/2.
enum GRPCMessage {
  /// A message behind its prefix: a byte that says whether it is compressed, and its length in four.
  static func framed(_ message: [UInt8]) -> [UInt8] {
    let length = UInt32(message.count)
    return [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + message
  }

  /// The one message of a body; nil where it is compressed, which nobody asked for, or not whole.
  static func unframed(_ body: [UInt8]) -> [UInt8]? {
    guard body.count >= 5, body[0] == 0 else { return nil }
    let length = body[1..<5].reduce(0) { $0 << 8 | Int($1) }
    return body.count == 5 + length ? Array(body[5...]) : nil
  }

  /// The status that gRPC's description of its protocol gives a call whose server answered with an HTTP status only.
  static func status(http: Int) -> Int {
    switch http {
    case 400: 13
    case 401: 16
    case 403: 7
    case 404: 12
    case 429, 502, 503, 504: 14
    default: 2
    }
  }
}
