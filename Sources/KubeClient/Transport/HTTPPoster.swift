/// Posts to one HTTPS server beside the Kubernetes API, such as an admission webhook, over connections that are kept.
///
/// Speaks HTTP/1.1 only, as the API server does with webhooks: each request in flight has a connection of its own, so that several
/// replicas behind one address share the work.
public final class HTTPPoster: Sendable {
  /// An answer, whatever its status.
  public struct Answer: Sendable {
    /// The status.
    public let status: Int
    /// How long the server asks to wait before another try.
    public let retryAfter: Duration?
    /// The body.
    public let body: [UInt8]
  }

  /// Why there is no answer.
  public struct Failure: Error, Sendable, Equatable {
    /// Whether the time was up.
    public let isTimeout: Bool
    /// Whether no connection could be made, so that the server has seen nothing of the request.
    public let isUnconnected: Bool
    /// What the transport says.
    public let message: String
  }

  private let transport: Transport

  /// Prepares a thread for the server; connections are made when they are needed.
  public init(_ endpoint: Endpoint) {
    var endpoint = endpoint
    endpoint.version = .one
    transport = Transport(endpoint)
  }

  /// Posts a JSON body and waits for the whole answer.
  ///
  /// - Parameters:
  ///   - target: Path and query, percent-encoded.
  ///   - userAgent: The value of the field `User-Agent`.
  ///   - timeout: From the start of the connection to the last byte.
  /// - Throws: A ``Failure`` where no whole answer came; any status is an answer.
  public func post(
    _ target: String, userAgent: String, body: [UInt8], timeout: Duration
  ) async throws(Failure) -> Answer {
    let headers = ["Content-Type: application/json", "Accept: application/json", "User-Agent: \(userAgent)"]
    // Without an empty `Expect`, curl asks before it sends a large body, and waits a second for servers that do not answer that.
    let call = HTTPCall(
      method: .post, target: target, headers: headers + ["Expect:"], body: body, timeout: timeout)
    switch await transport.perform(call) {
    case .success(let answer):
      return Answer(status: answer.head.status, retryAfter: answer.head.retryAfter, body: answer.body)
    case .failure(let failure):
      throw Failure(
        isTimeout: failure.code == .timedOut, isUnconnected: failure.code == .notConnected, message: failure.message)
    }
  }

  /// Ends what is in flight and waits for the end of the thread.
  public func shutDown() { transport.shutDown() }
}
