/// One field of an answer.
public struct HeaderField: Sendable, Equatable {
  /// The name, a token.
  public let name: String
  /// The value; control bytes are sent as spaces, so that no value can begin another field.
  public let value: String

  /// Pairs a name with a value.
  public init(_ name: String, _ value: String) {
    precondition(!name.isEmpty && name.utf8.allSatisfy(\.isToken), "a field name is a token")
    self.name = name
    self.value = value
  }
}

/// An answer: status, fields and body.
///
/// Length, date and connection fields are the server's business.
public struct Response: Sendable {
  /// The status.
  public var status: Status
  /// The media type of the body; left out for an empty body.
  public var contentType: String
  /// More fields.
  public var fields: [HeaderField]
  /// The body.
  public var body: [UInt8]

  /// Makes an answer.
  public init(_ status: Status, contentType: String = "", fields: [HeaderField] = [], body: [UInt8] = []) {
    self.status = status
    self.contentType = contentType
    self.fields = fields
    self.body = body
  }

  /// JSON bytes with status 200 or another.
  public static func json(_ body: [UInt8], status: Status = .ok) -> Response {
    Response(status, contentType: "application/json", body: body)
  }

  /// A line of plain text; the line end is added.
  public static func text(_ text: String, status: Status = .ok) -> Response {
    Response(status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8) + [.lineFeed])
  }

  /// Asks the client to try again after a second: Kubernetes retries 429 and 503 within its deadline when, and only
  /// when, `Retry-After` is a number.
  public static func busy(_ status: Status = .tooManyRequests, reason: String) -> Response {
    var response = Response.text(reason, status: status)
    response.fields.append(HeaderField("Retry-After", "1"))
    return response
  }

  /// The answer to a request that the server itself refuses.
  static func refusal(_ error: HTTPError, allow: String?) -> Response {
    guard error.status != .tooManyRequests else { return .busy(reason: error.reason) }
    var response = Response.text(error.reason, status: error.status)
    // RFC 9110, section 15.5.6: a 405 names the methods that the target has.
    if let allow, error.status == .methodNotAllowed { response.fields.append(HeaderField("Allow", allow)) }
    return response
  }
}
