import Admission
import JSON

/// A reviewer that does what the test says.
struct ScriptedReviewer: Reviewer {
  let decide: @Sendable (AdmissionRequest, inout ReviewContext) throws(ReviewFailure) -> AdmissionDecision

  init(_ decide: @escaping @Sendable (AdmissionRequest, inout ReviewContext) throws(ReviewFailure) -> AdmissionDecision)
  {
    self.decide = decide
  }

  func review(
    _ request: AdmissionRequest, _ context: inout ReviewContext
  ) throws(ReviewFailure) -> AdmissionDecision {
    try decide(request, &context)
  }
}

/// An answer in readable form.
struct Answered {
  let answer: AdmissionAnswer
  let json: JSONValue

  init(_ body: [UInt8], query: String = "timeout=10s", _ reviewer: some Reviewer) throws {
    var answer = AdmissionAnswer()
    let handler = AdmissionHandler(path: "/test", reviewer: reviewer)
    handler.handle(body: body.span, query: query, receivedAt: .now, into: &answer)
    self.answer = answer
    json = JSONValue(try JSONDocument(answer.body).root)
  }

  var response: JSONValue { json["response"] ?? .null }
}

/// A review of a small pod, with the given fields of the request replaced.
func review(
  version: ReviewVersion = .v1, operation: AdmissionOperation = .create, changing fields: [String: JSONValue?] = [:]
) -> JSONValue {
  let pod: JSONValue = ["kind": "Pod", "apiVersion": "v1", "metadata": ["name": "a-0", "namespace": "games"]]
  var outgoing = OutgoingReview(pod, group: "", apiVersion: "v1", plural: "pods")
  outgoing.version = version
  outgoing.operation = operation
  outgoing.uid = "705ab4f5"
  var value = outgoing.value
  var request = value["request"] ?? .null
  for (name, field) in fields { request[name] = field }
  value["request"] = request
  return value
}
