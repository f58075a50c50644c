import Admission
import HTTPServer
import Logging

/// The admission port: each review path with its handler.
enum AdmissionRouter {
  /// The routes of the handlers.
  static func make(_ handlers: [AdmissionHandler], _ logger: Logger) -> Router {
    var router = Router()
    for handler in handlers {
      router.post(handler.path) { head, body in
        var answer = AdmissionAnswer()
        handler.handle(body: body, query: head.query ?? "", receivedAt: head.receivedAt, into: &answer)
        log(answer, handler.path, logger)
        return response(answer)
      }
    }
    return router
  }

  private static func response(_ answer: consuming AdmissionAnswer) -> Response {
    let (status, retryAfter) = (Status(answer.status), answer.retryAfter)
    var response = Response(status, contentType: AdmissionAnswer.contentType, body: answer.takeBody())
    if let seconds = retryAfter { response.fields.append(HeaderField("Retry-After", "\(seconds)")) }
    return response
  }

  /// One line for each review: refusals where people look, the rest for who asks with `--log-level debug`.
  private static func log(_ answer: AdmissionAnswer, _ path: String, _ logger: Logger) {
    let level: Logger.Level =
      switch answer.outcome {
      case .allowed, .patched: .debug
      case .denied: .info
      case .malformed, .unavailable: .warning
      }
    // The metadata is an autoclosure: nothing is made where the level is not written.
    logger.log(level: level, "review", metadata: metadata(answer, path))
  }

  private static func metadata(_ answer: AdmissionAnswer, _ path: String) -> Logger.Metadata {
    var metadata: Logger.Metadata = ["path": "\(path)", "outcome": "\(answer.outcome.rawValue)"]
    if let request = answer.request {
      metadata["uid"] = "\(request.id)"
      metadata["operation"] = "\(request.operation.rawValue)"
      metadata["object"] = "\(request.namespace)/\(request.name)"
      metadata["user"] = "\(request.user.name)"
    }
    if let reason = answer.reason { metadata["reason"] = "\(reason)" }
    return metadata
  }
}
