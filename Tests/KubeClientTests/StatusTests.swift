import Kubernetes
import Testing

@testable import KubeClient

@Suite struct StatusTests {
  private func error(_ status: Int, _ body: String, retryAfter: Duration? = nil) -> KubernetesError {
    KubernetesError(HTTPAnswer(head: ResponseHead(status: status, retryAfter: retryAfter), body: Array(body.utf8)))
  }

  @Test(
    "takes the reason before the HTTP status",
    arguments: [
      ("AlreadyExists", 409, KubernetesError.Code.alreadyExists), ("Conflict", 409, .conflict), ("", 409, .conflict),
      ("Expired", 410, .expired), ("Gone", 410, .gone), ("Invalid", 422, .invalid), ("", 404, .notFound),
      ("NewReason", 400, .other("NewReason")), ("", 418, .other("HTTP 418")),
    ])
  func mapsReasons(reason: String, status: Int, code: KubernetesError.Code) {
    let body = #"{"kind":"Status","status":"Failure","reason":"\#(reason)","message":"m","code":\#(status)}"#
    let error = error(status, body)
    #expect(error.code == code)
    #expect(error.status == status)
    #expect(error.message == "m")
  }

  @Test("keeps the details and their causes")
  func keepsDetails() {
    let body = """
      {"kind":"Status","reason":"Invalid","message":"m","code":422,"details":{"name":"one","kind":"pods",
      "retryAfterSeconds":3,"causes":[{"reason":"FieldValueInvalid","message":"bad","field":"spec.x"}]}}
      """
    let error = error(422, body)
    let cause = StatusDetails.Cause(reason: "FieldValueInvalid", message: "bad", field: "spec.x")
    #expect(error.details == StatusDetails(name: "one", group: "", kind: "pods", causes: [cause]))
    #expect(error.retryAfter == .seconds(3))
  }

  @Test("makes do with what a proxy answers", arguments: ["", "<html>", "{\"kind\":\"Pod\"}", "{"])
  func survivesProxies(body: String) {
    let error = error(502, body, retryAfter: .seconds(1))
    #expect(error.code == .serviceUnavailable)
    #expect(error.retryAfter == .seconds(1))
    #expect(!error.message.isEmpty)
  }
}
