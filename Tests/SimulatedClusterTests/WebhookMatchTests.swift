import JSON
import Kubernetes
import Testing

@testable import SimulatedCluster

/// Which writes a webhook is asked about.
struct WebhookMatchTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    var rule: JSONValue = ["operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"]]
    var more: [(String, JSONValue)] = []
    var operation = "CREATE"
    var resource = Resource.pods
    var subresource = ""
    var labels: [String: String] = [:]
    var oldLabels: [String: String]?
    var namespace: [String: String]? = [:]
    let isWanted: Bool

    static func rule(_ resources: JSONValue, _ more: JSONValue = [:]) -> JSONValue {
      var rule: JSONValue = ["operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": resources]
      for member in more.object?.members ?? [] { rule[member.name] = member.value }
      return rule
    }
  }

  static let cases: [Case] = [
    Case(description: "everything", isWanted: true),
    Case(description: "* has no subresources", subresource: "status", isWanted: false),
    Case(description: "*/* has all", rule: Case.rule(["*/*"]), subresource: "status", isWanted: true),
    Case(description: "*/status has one", rule: Case.rule(["*/status"]), subresource: "status", isWanted: true),
    Case(description: "*/status has no other", rule: Case.rule(["*/status"]), subresource: "eviction", isWanted: false),
    Case(description: "pods/* has the pod too", rule: Case.rule(["pods/*"]), isWanted: true),
    Case(description: "pods/status", rule: Case.rule(["pods/status"]), isWanted: false),
    Case(description: "another resource", rule: Case.rule(["services"]), isWanted: false),
    Case(description: "another group", rule: Case.rule(["*"], ["apiGroups": ["apps"]]), isWanted: false),
    Case(description: "the core group", rule: Case.rule(["*"], ["apiGroups": [""]]), isWanted: true),
    Case(description: "another version", rule: Case.rule(["*"], ["apiVersions": ["v2"]]), isWanted: false),
    Case(description: "another operation", rule: Case.rule(["*"], ["operations": ["UPDATE"]]), isWanted: false),
    Case(description: "cluster scope", rule: Case.rule(["*"], ["scope": "Cluster"]), isWanted: false),
    Case(
      description: "cluster scope of a node", rule: Case.rule(["*"], ["scope": "Cluster"]), resource: .nodes,
      namespace: nil, isWanted: true),
    Case(description: "namespaced scope", rule: Case.rule(["*"], ["scope": "Namespaced"]), isWanted: true),
    Case(
      description: "a namespace selector", more: [("namespaceSelector", ["matchLabels": ["a": "b"]])], isWanted: false),
    Case(
      description: "a namespace selector that fits", more: [("namespaceSelector", ["matchLabels": ["a": "b"]])],
      namespace: ["a": "b"], isWanted: true),
    Case(
      description: "a namespace selector and a node", more: [("namespaceSelector", ["matchLabels": ["a": "b"]])],
      resource: .nodes, namespace: nil, isWanted: true),
    Case(description: "an object selector", more: [("objectSelector", ["matchLabels": ["a": "b"]])], isWanted: false),
    Case(
      description: "an object selector that fits", more: [("objectSelector", ["matchLabels": ["a": "b"]])],
      labels: ["a": "b"], isWanted: true),
    Case(
      description: "an object selector that fits the old object",
      more: [("objectSelector", ["matchLabels": ["a": "b"]])], oldLabels: ["a": "b"], isWanted: true),
  ]

  @Test("a webhook is asked about what its rules and selectors say", arguments: cases)
  func wants(_ example: Case) throws {
    var entry: JSONValue = ["clientConfig": ["url": "https://127.0.0.1/"], "rules": [example.rule]]
    for (name, value) in example.more { entry[name] = value }
    let webhook = try #require(Webhook(KubernetesObject(entry).json, configuration: "test", place: 0))
    func object(_ labels: [String: String]) -> JSONValue { ["metadata": ["labels": JSONValue(labels)]] }
    let attempt = AdmissionAttempt(
      operation: example.operation, resource: example.resource, subresource: example.subresource,
      key: NamespacedName("default", "one"), object: object(example.labels), old: example.oldLabels.map(object),
      isDryRun: false, user: "")
    let namespace = example.namespace.map { StringMap(KubernetesObject(JSONValue($0)).json) }
    #expect(webhook.wants(attempt, namespace: namespace) == example.isWanted)
  }
}
