import Admission
import JSON
import Testing

@Suite("A request")
struct RequestTests {
  private func open(_ value: JSONValue) throws -> AdmissionRequest { try AdmissionHandler.open(value.bytes.span) }

  @Test("reads what the API server sends", arguments: ReviewVersion.allCases)
  func reads(version: ReviewVersion) throws {
    let request = try open(
      review(
        version: version, operation: .update,
        changing: [
          "oldObject": ["metadata": ["name": "old"]], "dryRun": true, "subResource": "status",
          "userInfo": ["username": "anna", "groups": ["a", "b"]],
          "options": ["kind": "UpdateOptions", "apiVersion": "meta.k8s.io/v1"],
        ]))
    #expect(request.version == version)
    #expect(request.id == "705ab4f5")
    #expect(request.operation == .update)
    #expect((request.namespace, request.name) == ("games", "a-0"))
    #expect(request.subresource == "status")
    #expect(!request.isMainResource)
    #expect(request.isDryRun)
    #expect(request.user.name == "anna")
    #expect(request.user.groups == ["a", "b"])
    #expect(request.options?["kind"]?.string == "UpdateOptions")
    #expect(request.object?["metadata"]?["name"]?.string == "a-0")
    #expect(request.oldObject?["metadata"]?["name"]?.string == "old")
    #expect(request.resource == "pods")
    #expect(request.concerns("pods", group: ""))
    #expect(!request.concerns("pods", group: "apps"))
    #expect(request.requestKind == "Pod")
  }

  @Test("of an old v1beta1 server lacks fields that have another meaning then")
  func readsOldServers() throws {
    let request = try open(
      review(
        version: .v1beta1,
        changing: [
          "requestKind": nil as JSONValue?, "requestResource": nil as JSONValue?, "options": nil as JSONValue?,
          "dryRun": nil as JSONValue?,
        ]))
    #expect(request.requestKind == "Pod")
    #expect(request.options == nil)
    #expect(!request.isDryRun)
    #expect(request.isMainResource)
  }

  @Test(
    "is refused with the field named",
    arguments: [
      ("[]", "the body must be an object, and is []"),
      (#"{"kind":"Pod"}"#, #"kind must be "AdmissionReview", and is "Pod""#),
      ("{}", #"kind must be "AdmissionReview", and is absent"#),
      (
        #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v2"}"#,
        #"apiVersion must be "admission.k8s.io/v1" or "admission.k8s.io/v1beta1", and is "admission.k8s.io/v2""#
      ),
      (#"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}"#, "request must be an object, and is absent"),
      (
        #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":""}}"#,
        "request.uid must be a string that is not empty, and is \"\""
      ),
    ])
  func refuses(body: String, message: String) throws {
    let error = #expect(throws: ReviewError.self) { try AdmissionHandler.open(Array(body.utf8).span) }
    #expect(error?.description == "the body is no AdmissionReview: " + message)
  }

  @Test(
    "is refused when a field of it has another type",
    arguments: [
      ("operation", "PATCH", "request.operation must be CREATE, UPDATE, DELETE or CONNECT, and is \"PATCH\""),
      ("operation", nil, "request.operation must be CREATE, UPDATE, DELETE or CONNECT, and is absent"),
      ("object", [1], "request.object must be an object or null, and is [1]"),
      ("oldObject", "x", "request.oldObject must be an object or null, and is \"x\""),
      ("dryRun", "yes", "request.dryRun must be a boolean, and is \"yes\""), ("uid", 7, "request.uid must be a string"),
    ] as [(String, JSONValue?, String)])
  func refusesField(field: String, value: JSONValue?, message: String) throws {
    let answered = try Answered(
      review(changing: [field: value]).bytes, ScriptedReviewer { _, _ in .allowed() })
    #expect(answered.answer.status == 400)
    #expect(answered.answer.outcome == .malformed)
    #expect(answered.json["message"]?.string?.contains(message) == true)
    #expect(answered.json["code"] == 400)
  }

  @Test(
    "that is not JSON names the byte",
    arguments: [("", 0), ("{\"a\":}", 5), ("{}x", 2), ("\u{FEFF}{}", 0), ("{\"a\":\"\\ud800\"}", 6)])
  func namesTheByte(text: String, byte: Int) throws {
    let answered = try Answered(Array(text.utf8), ScriptedReviewer { _, _ in .allowed() })
    #expect(answered.answer.status == 400)
    #expect(answered.json["message"]?.string?.contains("at byte \(byte):") == true)
  }

  @Test("is held to a depth and a length")
  func limits() throws {
    let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
    var body = review().bytes
    body.removeLast()
    body.append(contentsOf: ",\"x\":\(deep)}".utf8)
    let answered = try Answered(body, ScriptedReviewer { _, _ in .allowed() })
    #expect(answered.json["message"]?.string?.contains("nested too deeply") == true)
    let long = review().bytes + [UInt8](repeating: 0x20, count: AdmissionHandler.bodyLimit)
    let refused = try Answered(long, ScriptedReviewer { _, _ in .allowed() })
    #expect(refused.answer.status == 400)
    #expect(refused.json["message"]?.string?.contains("text too large") == true)
  }
}
