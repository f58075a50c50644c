import Admission
import JSON

/// The AdmissionReview with which a server would answer all paths of a review at once.
struct ReviewAnswer {
  private let run: ReviewRun

  init(_ run: ReviewRun) { self.run = run }

  /// The answer.
  var value: JSONValue {
    var response: JSONValue = ["uid": .string(run.request.id), "allowed": .bool(run.refusal == nil)]
    if let refusal = run.refusal {
      response["status"] = [
        "status": "Failure", "message": .string(refusal.message), "reason": .string(refusal.reason.rawValue),
        "code": .int(refusal.reason.code),
      ]
    } else if !run.patch.isEmpty {
      var writer = JSONWriter()
      writer.patch(run.patch)
      var encoded: [UInt8] = []
      Base64.encode(writer.bytes.span, into: &encoded)
      response["patchType"] = "JSONPatch"
      response["patch"] = .string(String(decoding: encoded, as: UTF8.self))
    }
    let audit = run.steps.flatMap(\.result.context.auditAnnotations)
    if !audit.isEmpty {
      response["auditAnnotations"] = .object(
        JSONObject(audit.map { JSONObject.Member($0.key.description, .string($0.value)) }))
    }
    if !run.warnings.isEmpty { response["warnings"] = .array(run.warnings.map { .string($0) }) }
    return [
      "kind": "AdmissionReview", "apiVersion": .string(run.request.version.rawValue), "response": response,
    ]
  }
}
