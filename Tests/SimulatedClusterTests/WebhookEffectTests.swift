import JSON
import Kubernetes
import Testing

@testable import SimulatedCluster

/// What webhooks do to objects, and what else they say.
struct WebhookEffectTests {
  private static func addLabel(_ name: String) -> WebhookServer.Answer {
    { call in
      guard call.request["object"]?["metadata"]?["labels"]?[name] == nil else { return call.answer() }
      let hasLabels = call.request["object"]?["metadata"]?["labels"] != nil
      let add: JSONValue =
        hasLabels
        ? ["op": "add", "path": .string("/metadata/labels/\(name)"), "value": "yes"]
        : ["op": "add", "path": "/metadata/labels", "value": .object([JSONObject.Member(name, "yes")].object)]
      return call.answer(patch: [add])
    }
  }

  @Test("patches are applied in the order of configurations, and validation sees what they made")
  func patches() async throws {
    let (a, b, check) = (
      try WebhookServer(Self.addLabel("a")), try WebhookServer(Self.addLabel("b")), try WebhookServer()
    )
    let bench = WebhookBench()
    try await bench.register(.mutatingWebhookConfigurations, "2-second", b.entry("b.test.io"))
    try await bench.register(.mutatingWebhookConfigurations, "1-first", a.entry("a.test.io"))
    try await bench.register(.validatingWebhookConfigurations, "check", check.entry())
    let made = try await bench.create()
    #expect(made.metadata.labels.dictionary == ["a": "yes", "b": "yes"])
    #expect(a.calls.first?.request["object"]?["metadata"]?["labels"] == nil)
    #expect(b.calls.first?.request["object"]?["metadata"]?["labels"] == ["a": "yes"])
    #expect(check.calls.first?.request["object"]?["metadata"]?["labels"] == ["a": "yes", "b": "yes"])
  }

  @Test("a webhook is called again when a later one changed the object, once, and only if it asks for that")
  func reinvocation() async throws {
    let (a, b, c) = (
      try WebhookServer(Self.addLabel("a")), try WebhookServer(Self.addLabel("b")),
      try WebhookServer(Self.addLabel("c"))
    )
    let bench = WebhookBench()
    try await bench.register(
      .mutatingWebhookConfigurations, "test", a.entry("a.test.io", more: [("reinvocationPolicy", "IfNeeded")]),
      b.entry("b.test.io"), c.entry("c.test.io", more: [("reinvocationPolicy", "IfNeeded")]))
    try await bench.create()
    #expect([a.calls.count, b.calls.count, c.calls.count] == [2, 1, 1])
    #expect(a.calls[1].request["object"]?["metadata"]?["labels"] == ["a": "yes", "b": "yes", "c": "yes"])
  }

  @Test("a patch that does not apply fails the write, whatever the failure policy")
  func brokenPatch() async throws {
    let hook = try WebhookServer { $0.answer(patch: [["op": "remove", "path": "/nothing"]]) }
    let bench = WebhookBench()
    try await bench.register(.mutatingWebhookConfigurations, "test", hook.entry(more: [("failurePolicy", "Ignore")]))
    #expect(await bench.failure()?.status == 500)
  }

  @Test(
    "a dry run asks only webhooks without side effects, and tells them", arguments: ["None", "NoneOnDryRun", "Some"])
  func dryRun(_ sideEffects: String) async throws {
    let hook = try WebhookServer()
    let bench = WebhookBench()
    try await bench.register(
      .validatingWebhookConfigurations, "test", hook.entry(more: [("sideEffects", .string(sideEffects))]))
    let error = await bench.failure(isDryRun: true)
    if sideEffects == "Some" {
      #expect(error?.message == "admission webhook \"one.test.io\" does not support dry run")
      #expect(error?.status == 400)
      #expect(hook.calls.isEmpty)
    } else {
      #expect(error == nil)
      #expect(hook.calls.map { $0.request["dryRun"] } == [true])
    }
  }

  @Test("warnings and audit annotations are passed on, warnings once")
  func notes() async throws {
    let more: [(String, JSONValue)] = [("warnings", ["old", "old", "new"]), ("auditAnnotations", ["why": "because"])]
    let hook = try WebhookServer { $0.answer(more: more) }
    let bench = WebhookBench()
    try await bench.register(.validatingWebhookConfigurations, "test", hook.entry())
    let options = WriteOptions()
    _ = try await bench.server.create(.configMaps, namespace: "default", ["metadata": ["name": "one"]], options)
    #expect(options.notes.warnings == ["old", "new"])
    #expect(options.notes.annotations == ["one.test.io/why": "because"])
  }

  @Test("many warnings are cut short")
  func longWarnings() {
    let notes = AdmissionNotes()
    notes.warn(String(repeating: "a", count: 4000))
    #expect(notes.warnings.map(\.count) == [4000])
    notes.warn(String(repeating: "b", count: 500))
    #expect(notes.warnings.map(\.count) == [256, 256])
  }

  @Test("subresources are reviewed under their own names and kinds")
  func subresources() async throws {
    let hook = try WebhookServer()
    let bench = WebhookBench()
    let rules: JSONValue = [
      ["operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["pods/*"]]
    ]
    try await bench.register(.validatingWebhookConfigurations, "test", hook.entry(more: [("rules", rules)]))
    let pod: JSONValue = ["metadata": ["name": "one"], "spec": ["containers": [["name": "c", "image": "i"]]]]
    try await bench.client.create(.pods, namespace: "default", pod)
    let key = NamespacedName("default", "one")
    try await bench.client.create(.pods, key, subresource: "binding", ["target": ["name": "n"]])
    try await bench.client.patch(.pods, key, subresource: "status", .merge(["status": ["phase": "Running"]]))
    try await bench.client.create(.pods, key, subresource: "eviction", ["metadata": ["name": "one"]])
    #expect(hook.calls.map { $0.request["subResource"]?.string } == [nil, "binding", "status", "eviction"])
    #expect(hook.calls.map { $0.request["kind"]?["kind"]?.string } == ["Pod", "Binding", "Pod", "Eviction"])
  }
}

extension [JSONObject.Member] {
  fileprivate var object: JSONObject { JSONObject(self) }
}
