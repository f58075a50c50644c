import JSON
import Kubernetes

extension KubernetesError {
  /// The failure that an answer of status 400 and above describes.
  ///
  /// The body is a `Status` object as a rule; a proxy before the API server may answer with anything.
  init(_ answer: HTTPAnswer) {
    let head = answer.head
    guard let status = try? JSONDocument(answer.body).root, status["kind"]?.isString("Status") == true else {
      let text = String(decoding: answer.body.prefix(500), as: UTF8.self)
      self.init(
        Code(status: head.status), status: head.status, message: text.isEmpty ? "no explanation" : text,
        retryAfter: head.retryAfter)
      return
    }
    self.init(status: status, httpStatus: head.status, retryAfter: head.retryAfter)
  }

  /// The failure that a `Status` object describes, be it an answer or an `ERROR` event of a watch.
  init(status: JSONView, httpStatus: Int? = nil, retryAfter: Duration? = nil) {
    let code = httpStatus ?? status["code"]?.int ?? 0
    let details = status["details"]
    let seconds = details?["retryAfterSeconds"]?.int.map { Duration.seconds(max(0, $0)) }
    self.init(
      Code(reason: status["reason"]?.string ?? "", status: code), status: code,
      message: status["message"]?.string ?? "no message", retryAfter: retryAfter ?? seconds,
      details: details.map(StatusDetails.init))
  }

  /// The failure of a transfer.
  init(_ failure: TransferFailure) {
    switch failure.code {
    case .notConnected, .broken, .shutDown: self.init(.unreachable, message: failure.message)
    case .timedOut: self.init(.timeout, message: failure.message)
    case .tooLarge: self.init(.malformedAnswer, message: "the answer is larger than \(WholeAnswer.limit) bytes")
    case .cancelled: self = .cancelled
    case .tooLate: self.init(.notLeader, message: failure.message)
    }
  }

  /// The caller's task was cancelled.
  static let cancelled = KubernetesError(.other("Cancelled"), message: "the request was cancelled")

  /// Whether the version that was asked for lies ahead of what the server holds, as after a restore of its database.
  var isVersionAhead: Bool {
    details?.causes.contains { $0.reason == "ResourceVersionTooLarge" } ?? false
      || message.contains("Too large resource version")
  }
}

extension KubernetesError.Code {
  /// The code of a `metav1.StatusReason`; an empty or unknown one goes by the HTTP status where that says enough.
  init(reason: String, status: Int) {
    switch reason {
    case "BadRequest": self = .badRequest
    case "Unauthorized": self = .unauthorized
    case "Forbidden": self = .forbidden
    case "NotFound": self = .notFound
    case "AlreadyExists": self = .alreadyExists
    case "Conflict": self = .conflict
    case "Gone": self = .gone
    case "Expired": self = .expired
    case "Invalid": self = .invalid
    case "TooManyRequests": self = .tooManyRequests
    case "ServerTimeout": self = .serverTimeout
    case "Timeout": self = .timeout
    case "InternalError": self = .internalError
    case "ServiceUnavailable": self = .serviceUnavailable
    case "MethodNotAllowed": self = .methodNotAllowed
    case "UnsupportedMediaType": self = .unsupportedMediaType
    case "RequestEntityTooLarge": self = .requestEntityTooLarge
    case "": self.init(status: status)
    default: self = .other(reason)
    }
  }

  /// The code of an HTTP status alone.
  init(status: Int) {
    switch status {
    case 400: self = .badRequest
    case 401: self = .unauthorized
    case 403: self = .forbidden
    case 404: self = .notFound
    case 405: self = .methodNotAllowed
    case 409: self = .conflict
    case 410: self = .gone
    case 413: self = .requestEntityTooLarge
    case 415: self = .unsupportedMediaType
    case 422: self = .invalid
    case 429: self = .tooManyRequests
    case 500: self = .internalError
    case 502, 503: self = .serviceUnavailable
    case 504: self = .timeout
    default: self = .other("HTTP \(status)")
    }
  }
}

extension StatusDetails {
  /// Reads the `details` of a `Status`.
  init(_ json: JSONView) {
    self.init(
      name: json["name"]?.string ?? "", group: json["group"]?.string ?? "", kind: json["kind"]?.string ?? "",
      causes: json["causes"]?.elements.map {
        Cause(
          reason: $0["reason"]?.string ?? "", message: $0["message"]?.string ?? "", field: $0["field"]?.string ?? "")
      } ?? [])
  }
}
