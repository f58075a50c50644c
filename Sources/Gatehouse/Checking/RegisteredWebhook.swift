import Controllers
import JSON
import Kubernetes

/// One entry of a webhook configuration as it stands in a cluster.
struct RegisteredWebhook: Sendable {
  /// Where the API server calls.
  enum Target: Sendable, Hashable {
    case service(NamespacedName, port: Int)
    case url(String)
  }

  /// The product's configurations.
  static let own: [(Resource, String)] = [
    (.mutatingWebhookConfigurations, WebhookEntries.mutatingName),
    (.validatingWebhookConfigurations, WebhookEntries.validatingName),
  ]

  /// The configuration that it is part of.
  let configuration: String
  private let json: JSONView

  /// The entries of a configuration.
  static func all(of object: KubernetesObject) -> [RegisteredWebhook] {
    let entries = object.json["webhooks"].map { Array($0.elements) } ?? []
    return entries.map { RegisteredWebhook(configuration: object.name, json: $0) }
  }

  /// The name of the entry.
  var name: String { json["name"]?.string ?? "" }
  /// Whether a write is refused where the webhook cannot be reached; what is absent counts as `Fail` (v1).
  var refusesWhenDown: Bool { json["failurePolicy"]?.string != "Ignore" }
  /// The authorities that the API server trusts, PEM; nil where it trusts the system's.
  var bundle: [UInt8]? {
    json["clientConfig"]?["caBundle"]?.string.flatMap { $0.isEmpty ? nil : Base64.decode($0) }
  }
  /// Where the API server calls; nil for an entry that is malformed.
  var target: Target? {
    if let url = json["clientConfig"]?["url"]?.string { return .url(url) }
    guard let service = json["clientConfig"]?["service"], let name = service["name"]?.string else { return nil }
    return .service(
      NamespacedName(service["namespace"]?.string ?? "", name), port: service["port"]?.int ?? 443)
  }

  /// Whether it is called for an operation on objects of a resource (Kubernetes, "Matching requests: rules").
  func isCalled(for operation: String, group: String, resource: String) -> Bool {
    (json["rules"].map { Array($0.elements) } ?? []).contains { rule in
      func has(_ field: String, _ value: String) -> Bool {
        rule[field]?.elements.contains { $0.isString(value) || $0.isString("*") } ?? false
      }
      let hasResource =
        has("resources", resource) || rule["resources"]?.elements.contains { $0.isString("*/*") } == true
      return has("operations", operation) && has("apiGroups", group) && hasResource
    }
  }

  /// Whether its selectors choose objects with these labels in a namespace with those.
  func selects(namespace: StringMap, object: StringMap) -> Bool {
    func matches(_ field: String, _ labels: StringMap) -> Bool {
      guard let selector = json[field], let parsed = try? LabelSelector(selector) else { return true }
      return parsed.matches(labels)
    }
    return matches("namespaceSelector", namespace) && matches("objectSelector", object)
  }
}
