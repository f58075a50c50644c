import HTTPServer
import JSON
import Kubernetes

/// An answer of the front, before it is bytes.
struct FrontAnswer: Sendable {
  var status = 200
  var body: [UInt8]
  /// Texts for `Warning` fields.
  var warnings: [String] = []

  init(_ value: JSONValue, status: Int = 200) {
    body = value.bytes + [UInt8(ascii: "\n")]
    self.status = status
  }

  init(body: [UInt8]) { self.body = body }

  init(_ error: KubernetesError) { self.init(StatusBody.failure(error), status: error.httpStatus) }

  /// The answer with its fields.
  func response(retryAfter: Duration? = nil) -> Response {
    var response = Response(Status(status), contentType: "application/json", body: body)
    for warning in warnings { response.fields.append(HeaderField("Warning", "299 - \(Self.quoted(warning))")) }
    if let retryAfter {
      response.fields.append(HeaderField("Retry-After", String(max(1, retryAfter.components.seconds))))
    }
    return response
  }

  /// A quoted string of RFC 9110, section 5.6.4.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { quoted += "\\" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
