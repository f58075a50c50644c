import HTTPServer
import JSON
import Kubernetes
import Synchronization
import Testing

@testable import SimulatedCluster

/// How webhooks are called, and what their answers do.
struct WebhookCallTests {
  @Test("a review says who writes what, and how long there is")
  func request() async throws {
    let hook = try WebhookServer()
    let bench = WebhookBench()
    try await bench.register(.validatingWebhookConfigurations, "test", hook.entry(more: [("timeoutSeconds", 7)]))
    let made = try await bench.create()
    try await bench.client.patch(.configMaps, made.key, .merge(["data": ["a": "1"]]))
    try await bench.client.delete(.configMaps, made.key)
    let calls = hook.calls
    #expect(calls.map { $0.request["operation"]?.string } == ["CREATE", "UPDATE", "DELETE"])
    let first = try #require(calls.first)
    #expect(first.path == "/review")
    #expect(first.query == "timeout=7s")
    #expect(first.agent == "kube-apiserver-admission")
    #expect(first.review["apiVersion"] == "admission.k8s.io/v1")
    #expect(first.request["kind"] == ["group": "", "version": "v1", "kind": "ConfigMap"])
    #expect(first.request["resource"] == ["group": "", "version": "v1", "resource": "configmaps"])
    #expect(first.request["namespace"] == "default")
    #expect(first.request["name"] == "one")
    #expect(first.request["userInfo"]?["username"] == "system:admin")
    #expect(first.request["dryRun"] == false)
    #expect(first.request["oldObject"] == .null)
    #expect(first.request["options"]?["kind"] == "CreateOptions")
    #expect(first.request["object"]?["metadata"]?["uid"]?.string == made.metadata.uid)
    #expect(calls[1].request["object"]?["data"] == ["a": "1"])
    #expect(calls[1].request["oldObject"]?["data"] == nil)
    #expect(calls[2].request["object"] == .null)
    #expect(calls[2].request["oldObject"]?["data"] == ["a": "1"])
  }

  @Test("an older review version is used where only that is listed")
  func olderVersion() async throws {
    let hook = try WebhookServer()
    let bench = WebhookBench()
    try await bench.register(
      .validatingWebhookConfigurations, "test", hook.entry(more: [("admissionReviewVersions", ["v2", "v1beta1"])]))
    try await bench.create()
    #expect(hook.calls.map { $0.review["apiVersion"] } == ["admission.k8s.io/v1beta1"])
  }

  struct Denial: Sendable, CustomStringConvertible {
    let status: JSONValue?
    let code: Int
    let text: String
    var description: String { text.isEmpty ? "no text" : text }
  }

  @Test(
    "a denial reaches the user in the words of the API server",
    arguments: [
      Denial(status: ["code": 403, "message": "no"], code: 403, text: ": no"),
      Denial(status: ["code": 200, "message": "no"], code: 400, text: ": no"),
      Denial(status: ["reason": "Forbidden"], code: 400, text: ": Forbidden"),
      Denial(status: nil, code: 400, text: " without explanation"),
    ])
  func denial(_ denial: Denial) async throws {
    let hook = try WebhookServer { $0.answer(allowed: false, status: denial.status) }
    for resource in [Resource.mutatingWebhookConfigurations, .validatingWebhookConfigurations] {
      let bench = WebhookBench()
      try await bench.register(resource, "test", hook.entry())
      let error = try #require(await bench.failure())
      #expect(error.message == "admission webhook \"one.test.io\" denied the request\(denial.text)")
      #expect(error.status == denial.code)
    }
  }

  enum Fault: String, CaseIterable, Sendable {
    case otherUID, otherVersion, patchWithoutType, typeWithoutPatch, otherType, noResponse, noJSON, notFound, failed

    func answer(_ call: WebhookServer.Call) -> Response {
      switch self {
      case .otherUID: call.answer(more: [("uid", "another")])
      case .otherVersion:
        .json(JSONValue.object(["apiVersion": "v1", "kind": "Review", "response": ["uid": "1"]]).bytes)
      case .patchWithoutType: call.answer(patch: [], more: [("patchType", nil)])
      case .typeWithoutPatch: call.answer(more: [("patchType", "JSONPatch")])
      case .otherType: call.answer(patch: [], more: [("patchType", "Strategic")])
      case .noResponse: .json(JSONValue.object(["apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"]).bytes)
      case .noJSON: .text("hello")
      case .notFound: .text("no", status: .notFound)
      case .failed: .text("no", status: .internalServerError)
      }
    }
  }

  @Test(
    "an answer that breaks the protocol is a failed call, which the failure policy decides", arguments: Fault.allCases)
  func violation(_ fault: Fault) async throws {
    let hook = try WebhookServer { fault == .patchWithoutType ? fault.answerWithoutType($0) : fault.answer($0) }
    let strict = WebhookBench()
    try await strict.register(.mutatingWebhookConfigurations, "test", hook.entry())
    let error = try #require(await strict.failure())
    #expect(error.message.hasPrefix("Internal error occurred: failed calling webhook \"one.test.io\": "))
    #expect(error.status == 500)
    let lenient = WebhookBench()
    try await lenient.register(
      .mutatingWebhookConfigurations, "test", hook.entry(more: [("failurePolicy", "Ignore")]))
    #expect(await lenient.failure() == nil)
  }

  @Test("a busy webhook is asked again, but only where it says when", arguments: [429, 503], [true, false])
  func retry(_ status: Int, _ saysWhen: Bool) async throws {
    let isFirst = Mutex(true)
    let hook = try WebhookServer { call in
      let busy = isFirst.withLock { first in
        defer { first = false }
        return first
      }
      guard busy else { return call.answer() }
      let fields = saysWhen ? [HeaderField("Retry-After", "0")] : []
      return Response(Status(status), contentType: "text/plain", fields: fields, body: Array("busy".utf8))
    }
    let bench = WebhookBench()
    try await bench.register(.validatingWebhookConfigurations, "test", hook.entry())
    let error = await bench.failure()
    #expect((error == nil) == saysWhen, "\(String(describing: error))")
    #expect(hook.calls.count == (saysWhen ? 2 : 1))
  }

  @Test("a webhook that does not answer fails when its time is up")
  func timeout() async throws {
    let hook = try WebhookServer { _ in nil }
    let bench = WebhookBench()
    try await bench.register(.validatingWebhookConfigurations, "test", hook.entry(more: [("timeoutSeconds", 1)]))
    let error = try #require(await bench.failure())
    #expect(error.message.contains("?timeout=1s\": context deadline exceeded"))
  }

  @Test("a webhook whose certificate no given authority signed is not asked")
  func trust() async throws {
    let (hook, other) = (try WebhookServer(), try WebhookServer())
    let bench = WebhookBench()
    let client: JSONValue = [
      "url": .string("https://\(hook.address)/"), "caBundle": .string(Base64.encode(other.authorities)),
    ]
    try await bench.register(.validatingWebhookConfigurations, "test", hook.entry(more: [("clientConfig", client)]))
    #expect(await bench.failure()?.status == 500)
    #expect(hook.calls.isEmpty)
  }

  @Test("a Service is reached under its name, by the table or by its Endpoints", arguments: [true, false])
  func service(_ isInTable: Bool) async throws {
    let hook = try WebhookServer(names: ["gate.games.svc"])
    let bench = WebhookBench()
    let key = NamespacedName("games", "gate")
    let client: JSONValue = [
      "service": ["namespace": "games", "name": "gate", "path": "/in", "port": 8443],
      "caBundle": .string(Base64.encode(hook.authorities)),
    ]
    try await bench.client.create(.namespaces, namespace: "", ["metadata": ["name": "games"]])
    try await bench.register(.validatingWebhookConfigurations, "test", hook.entry(more: [("clientConfig", client)]))
    #expect(await bench.failure()?.message.contains("service \"gate\" not found") == true)
    if isInTable {
      bench.addresses.set(key, hook.address)
    } else {
      let port = try #require(Int(hook.address.split(separator: ":")[1]))
      try await bench.client.create(
        .services, namespace: "games", ["metadata": ["name": "gate"], "spec": ["ports": [["port": 8443]]]])
      let subset: JSONValue = ["addresses": [["ip": "127.0.0.1"]], "ports": [["port": .int(port)]]]
      try await bench.client.create(
        .endpoints, namespace: "games", ["metadata": ["name": "gate"], "subsets": [subset]])
    }
    try await bench.create()
    #expect(hook.calls.map(\.path) == ["/in"])
  }
}

extension WebhookCallTests.Fault {
  /// A patch whose type is left out.
  func answerWithoutType(_ call: WebhookServer.Call) -> Response {
    let response: JSONValue = [
      "uid": .string(call.uid), "allowed": true, "patch": .string(Base64.encode(Array("[]".utf8))),
    ]
    return .json(
      JSONValue.object([
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response,
      ]).bytes)
  }
}
