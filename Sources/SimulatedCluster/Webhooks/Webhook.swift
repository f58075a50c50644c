import JSON
import Kubernetes

/// One webhook of a configuration, with the defaults of the API filled in.
struct Webhook: Sendable {
  /// Where it is called.
  enum Address: Sendable, Hashable {
    case url(String)
    case service(namespace: String, name: String, path: String, port: Int)
  }

  /// The configuration's name and the webhook's place in it: who it is when it is to be called again.
  let id: String
  let name: String
  let address: Address
  let authorities: [UInt8]?
  let rules: [WebhookRule]
  let ignoresFailures: Bool
  let hasSideEffects: Bool
  let timeout: Int
  let isReinvoked: Bool
  /// `v1` or `v1beta1`: the first that is listed and known here.
  let reviewVersion: String
  private let namespaceSelector: LabelSelector?
  private let objectSelector: LabelSelector?

  /// Reads an entry; nil where it has no address or no known review version.
  init?(_ json: JSONView, configuration: String, place: Int) {
    guard let address = Self.address(json["clientConfig"]) else { return nil }
    let versions = json["admissionReviewVersions"]?.elements.compactMap(\.string) ?? ["v1"]
    guard let version = versions.first(where: { $0 == "v1" || $0 == "v1beta1" }) else { return nil }
    id = "\(configuration)/\(place)"
    name = json["name"]?.string ?? ""
    self.address = address
    authorities = json["clientConfig"]?["caBundle"]?.string.flatMap { Base64.decode($0) }.flatMap {
      $0.isEmpty ? nil : $0
    }
    rules = json["rules"]?.elements.map(WebhookRule.init) ?? []
    ignoresFailures = json["failurePolicy"]?.isString("Ignore") ?? false
    hasSideEffects = !["None", "NoneOnDryRun"].contains(json["sideEffects"]?.string ?? "")
    timeout = json["timeoutSeconds"]?.int ?? 10
    isReinvoked = json["reinvocationPolicy"]?.isString("IfNeeded") ?? false
    reviewVersion = version
    namespaceSelector = json["namespaceSelector"].flatMap { try? LabelSelector($0) }
    objectSelector = json["objectSelector"].flatMap { try? LabelSelector($0) }
  }

  /// Whether a write is sent to the webhook.
  ///
  /// - Parameter namespace: The labels of the write's namespace; nil where it has none.
  func wants(_ attempt: AdmissionAttempt, namespace: StringMap?) -> Bool {
    guard rules.contains(where: { $0.matches(attempt) }) else { return false }
    // Objects outside of namespaces are never excluded by a namespace selector.
    if let namespace, let namespaceSelector, !namespaceSelector.matches(namespace) { return false }
    guard let objectSelector, !objectSelector.requirements.isEmpty else { return true }
    return [attempt.object, attempt.old].contains { value in
      guard let value, value["metadata"] != nil else { return false }
      return objectSelector.matches(KubernetesObject(value).metadata.labels)
    }
  }

  private static func address(_ client: JSONView?) -> Address? {
    if let url = client?["url"]?.string { return .url(url) }
    guard let service = client?["service"], let name = service["name"]?.string else { return nil }
    return .service(
      namespace: service["namespace"]?.string ?? "", name: name, path: service["path"]?.string ?? "/",
      port: service["port"]?.int ?? 443)
  }
}

/// Which operations on which resources a webhook is for.
struct WebhookRule: Sendable {
  let operations: [String]
  let groups: [String]
  let versions: [String]
  let resources: [String]
  let scope: String

  init(_ json: JSONView) {
    func list(_ name: String) -> [String] { json[name]?.elements.compactMap(\.string) ?? [] }
    operations = list("operations")
    groups = list("apiGroups")
    versions = list("apiVersions")
    resources = list("resources")
    scope = json["scope"]?.string ?? "*"
  }

  func matches(_ attempt: AdmissionAttempt) -> Bool {
    func has(_ list: [String], _ value: String) -> Bool { list.contains("*") || list.contains(value) }
    let isScope = scope == "*" || (scope == "Namespaced") == attempt.resource.isNamespaced
    return isScope && has(operations, attempt.operation) && has(groups, attempt.resource.group)
      && has(versions, attempt.resource.version) && resources.contains { names($0, attempt) }
  }

  /// Whether `pods`, `pods/status`, `*`, `*/*`, `pods/*` or `*/status` names what is written; `*` alone means no subresource.
  private func names(_ text: String, _ attempt: AdmissionAttempt) -> Bool {
    let parts = text.split(separator: "/", maxSplits: 1)
    let (resource, subresource) = (parts.first ?? "", parts.count > 1 ? parts[1] : "")
    return (resource == "*" || resource == attempt.resource.plural)
      && (subresource == "*" || subresource == attempt.subresource)
  }
}
