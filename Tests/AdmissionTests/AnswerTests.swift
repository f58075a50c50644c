import Admission
import Foundation
import JSON
import Testing

@Suite("An answer")
struct AnswerTests {
  private let patch = JSONPatch([
    .add(JSONPointer(["metadata", "labels"]), ["a": "1"]), .remove(JSONPointer(["metadata", "annotations", "x/y"])),
  ])

  @Test("is the review's own version and id", arguments: ReviewVersion.allCases, ["705ab4f5", "a\"\\\u{e9}\u{1F600}"])
  func pairsWithRequest(version: ReviewVersion, uid: String) throws {
    let body = review(version: version, changing: ["uid": .string(uid)]).bytes
    let answered = try Answered(body, ScriptedReviewer { _, _ in .allowed() })
    #expect(
      answered.json == [
        "kind": "AdmissionReview", "apiVersion": .string(version.rawValue),
        "response": ["uid": .string(uid), "allowed": true],
      ])
    #expect(answered.answer.status == 200)
    #expect(answered.answer.outcome == .allowed)
    #expect(answered.answer.retryAfter == nil)
  }

  @Test("carries a patch in base64, with its type", arguments: [AdmissionOperation.create, .update])
  func carriesPatch(operation: AdmissionOperation) throws {
    let patch = patch
    let answered = try Answered(review(operation: operation).bytes, ScriptedReviewer { _, _ in .patched(patch) })
    let text = try #require(answered.response["patch"]?.string)
    let bytes = try #require(Data(base64Encoded: text))
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"[{"op":"add","path":"/metadata/labels","value":{"a":"1"}},"#
        + #"{"op":"remove","path":"/metadata/annotations/x~1y"}]"#)
    #expect(answered.response["patchType"] == "JSONPatch")
    #expect(answered.response["allowed"] == true)
    #expect(answered.answer.outcome == .patched)
  }

  @Test("has neither patch nor type where there is nothing to change")
  func leavesEmptyPatchOut() throws {
    let answered = try Answered(review().bytes, ScriptedReviewer { _, _ in .patched(JSONPatch()) })
    #expect(answered.response.object?.names == ["uid", "allowed"])
    #expect(answered.answer.outcome == .allowed)
  }

  @Test("never patches what has no new object", arguments: [AdmissionOperation.delete, .connect])
  func neverPatchesDelete(operation: AdmissionOperation) throws {
    let patch = patch
    let answered = try Answered(review(operation: operation).bytes, ScriptedReviewer { _, _ in .patched(patch) })
    #expect(answered.response.object?.names == ["uid", "allowed"])
  }

  @Test(
    "refuses with the code of the reason",
    arguments: [
      (Refusal.Reason.forbidden, 403, "Forbidden"), (.badRequest, 400, "BadRequest"), (.invalid, 422, "Invalid"),
      (.tooManyRequests, 429, "TooManyRequests"),
    ])
  func refuses(reason: Refusal.Reason, code: Int, word: String) throws {
    let thrown = try Answered(
      review().bytes,
      ScriptedReviewer { _, _ throws(ReviewFailure) in throw .refused(Refusal("no: \"a\"", reason)) })
    let returned = try Answered(review().bytes, ScriptedReviewer { _, _ in .denied(Refusal("no: \"a\"", reason)) })
    for answered in [thrown, returned] {
      #expect(answered.answer.status == 200)
      #expect(answered.answer.outcome == .denied)
      #expect(answered.response["allowed"] == false)
      let status = answered.response["status"]
      #expect(status?["code"] == .int(code))
      #expect(status?["reason"] == .string(word))
      #expect(status?["message"] == "no: \"a\"")
      #expect(status?["status"] == "Failure")
    }
  }

  @Test("may say why it allows")
  func saysWhyItAllows() throws {
    let answered = try Answered(review().bytes, ScriptedReviewer { _, _ in .allowed(message: "delete successfully") })
    #expect(answered.response["allowed"] == true)
    #expect(answered.response["status"]?["message"] == "delete successfully")
    #expect(answered.response["status"]?["code"] == 200)
  }

  @Test("asks to be called again when nothing can be decided")
  func asksAgain() throws {
    let answered = try Answered(
      review().bytes, ScriptedReviewer { _, _ throws(ReviewFailure) in throw .unavailable("stores are empty") })
    #expect(answered.answer.status == 503)
    #expect(answered.answer.retryAfter == 1)
    #expect(answered.answer.outcome == .unavailable)
    #expect(answered.json["kind"] == "Status")
    #expect(answered.json["message"] == "stores are empty")
  }

  @Test("uses its memory again and keeps nothing of the one before")
  func isReused() throws {
    var answer = AdmissionAnswer()
    let handler = AdmissionHandler(
      path: "/test",
      reviewer: ScriptedReviewer { request, context throws(ReviewFailure) in
        guard request.name != "bad" else { throw .refused("bad name") }
        context.warn("doubtful")
        return .patched(JSONPatch([.remove(JSONPointer(["a"]))]))
      })
    let bodies = [review(), review(changing: ["name": "bad"]), .string("no review"), review()].map(\.bytes)
    var texts: [String] = []
    for body in bodies {
      handler.handle(body: body.span, query: "", receivedAt: .now, into: &answer)
      texts.append(String(decoding: answer.body, as: UTF8.self))
    }
    #expect(texts[0] == texts[3])
    #expect(texts[0].contains("doubtful"))
    #expect(!texts[1].contains("doubtful"))
    #expect(!texts[1].contains("patch"))
    #expect(texts[2].hasPrefix(#"{"kind":"Status""#))
    #expect(answer.retryAfter == nil)
    #expect(answer.reason == nil)
  }
}
