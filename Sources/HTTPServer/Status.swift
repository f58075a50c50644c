/// An HTTP status code with its usual phrase.
public struct Status: Sendable, Hashable, CustomStringConvertible {
  /// The code, 100 to 599.
  public let code: Int

  /// Wraps a code.
  public init(_ code: Int) {
    precondition((100...599).contains(code), "a status code has three digits and begins with 1 to 5")
    self.code = code
  }

  /// Success.
  public static let ok = Status(200)
  /// Success without a body.
  public static let noContent = Status(204)
  /// The request is malformed.
  public static let badRequest = Status(400)
  /// No such path.
  public static let notFound = Status(404)
  /// The path exists, but not for this method.
  public static let methodNotAllowed = Status(405)
  /// The request did not arrive in time.
  public static let requestTimeout = Status(408)
  /// A body without its length.
  public static let lengthRequired = Status(411)
  /// The body is larger than the server takes.
  public static let contentTooLarge = Status(413)
  /// The body is of a type that the path does not take.
  public static let unsupportedMediaType = Status(415)
  /// An expectation other than `100-continue`.
  public static let expectationFailed = Status(417)
  /// The server has enough to do; try again.
  public static let tooManyRequests = Status(429)
  /// The head is larger than the server takes.
  public static let headTooLarge = Status(431)
  /// The server failed.
  public static let internalServerError = Status(500)
  /// A method or a transfer coding that the server does not know.
  public static let notImplemented = Status(501)
  /// The server cannot answer now; try again.
  public static let serviceUnavailable = Status(503)
  /// An HTTP version other than 1.0 and 1.1.
  public static let versionNotSupported = Status(505)

  /// The usual phrase of RFC 9110, empty for codes that it does not have.
  public var phrase: String {
    switch code {
    case 100: "Continue"
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 301: "Moved Permanently"
    case 302: "Found"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 411: "Length Required"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 417: "Expectation Failed"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 502: "Bad Gateway"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: ""
    }
  }

  /// The code and the phrase, such as `404 Not Found`.
  public var description: String { "\(code) \(phrase)" }
}
