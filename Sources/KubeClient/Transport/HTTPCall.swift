/// One request as it goes to the transport: complete, with credentials, to be sent once.
struct HTTPCall: Sendable {
  /// The methods that the Kubernetes API uses.
  enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  var method: Method
  /// Path and query, percent-encoded.
  var target: String
  /// Whole lines, `Name: value`.
  var headers: [String] = []
  var body: [UInt8]?
  /// The certificate that the client shows, where it shows one.
  var identity: ClientIdentity?
  /// From the start of the connection to the last byte.
  var timeout: Duration
  /// Bytes of the largest answer.
  var answerLimit = WholeAnswer.limit
  /// Between these moments the transfer must happen: what fences the writes of a leader.
  var deadline: RequestDeadline?
  /// When the rate limit lets the transfer start; nil for at once.
  var earliest: ContinuousClock.Instant?

  /// How long the transfer may take when it starts now; nil where it may not start any more.
  func timeLeft(_ now: ContinuousClock.Instant) -> Duration? {
    guard let deadline else { return timeout }
    guard now < deadline.start, now < deadline.end else { return nil }
    return min(timeout, now.duration(to: deadline.end))
  }
}

/// The beginning of an answer.
struct ResponseHead: Sendable, Equatable {
  var status = 0
  /// The header `Retry-After` where it is a number of seconds; Kubernetes never sends a date.
  var retryAfter: Duration?
  /// The texts of `Warning` headers, which the API server sends for deprecated or dubious requests.
  var warnings: [String] = []
  /// The status of a gRPC call, from the head or, for most calls, from the trailers.
  var grpcStatus: Int?
  /// What the server says of that status; percent-encoded.
  var grpcMessage: String?

  /// Takes one line of the head, as curl hands it over; a status line starts a new head.
  ///
  /// Answers whether the line ends the head of a final answer (RFC 9112 section 2.1; 1xx are interim, RFC 9110 15.2).
  mutating func take(line: String) -> Bool {
    if line.hasPrefix("HTTP/") {
      self = ResponseHead()
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      return false
    }
    let line = line.trimmingLineEnd()
    guard !line.isEmpty else { return status >= 200 }
    guard let colon = line.firstIndex(of: ":") else { return false }
    let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    switch line[..<colon].lowercased() {
    case "retry-after": retryAfter = Int(value).map { .seconds(max(0, $0)) }
    // 16 are more than any request earns; a server must not fill the log.
    case "warning" where warnings.count < 16: warnings.append(String(value))
    case "grpc-status": grpcStatus = Int(value)
    case "grpc-message": grpcMessage = String(value)
    default: break
    }
    return false
  }
}

extension String {
  fileprivate func trimmingLineEnd() -> Substring {
    var text = self[...]
    // CR LF is one Character.
    while let last = text.last, last.isNewline { text.removeLast() }
    return text
  }
}

/// A whole answer.
struct HTTPAnswer: Sendable {
  let head: ResponseHead
  let body: [UInt8]
}

/// Why a transfer ended without a whole answer.
struct TransferFailure: Error, Sendable, Equatable {
  enum Code: Sendable, Equatable {
    /// The connection could not be made: the server has seen nothing of the request.
    case notConnected
    /// The connection failed behind that: the server may have acted on the request.
    case broken
    /// The timeout passed.
    case timedOut
    /// The caller gave up.
    case cancelled
    /// The answer was larger than its limit.
    case tooLarge
    /// ``HTTPCall/deadline`` had passed before the transfer started.
    case tooLate
    /// The client was shut down.
    case shutDown
  }

  let code: Code
  let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
