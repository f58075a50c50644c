public import JSON
public import Kubernetes

/// The webhook configurations under which the API server calls this product.
///
/// The names of the two configurations and of the first entry of each are those of OpenKruiseGame, so that a take-over replaces its entries in
/// one step and no pod is reviewed twice.
public struct WebhookEntries: Sendable {
  /// The name of the mutating configuration.
  public static let mutatingName = "kruise-game-mutating-webhook"
  /// The name of the validating configuration.
  public static let validatingName = "kruise-game-validating-webhook"
  /// The namespace label by which a namespace asks not to be reviewed, for API servers that do not label namespaces with their names.
  public static let ignoreLabel = "game.kruise.io/gatehouse"

  /// Where the API server reaches the server.
  public enum Target: Sendable, Hashable {
    /// Through a Service, on port 443.
    case service(NamespacedName)
    /// At a URL without a path, such as `https://127.0.0.1:9876`, for a server outside the cluster.
    case url(String)
  }

  private let target: Target
  private let ownNamespace: String

  /// Entries that send reviews to a server.
  ///
  /// - Parameter ownNamespace: The product's namespace, which is never reviewed: its own pods must start when it is down.
  public init(target: Target, ownNamespace: String) {
    self.target = target
    self.ownNamespace = ownNamespace
  }

  /// One entry in the words of its table row.
  private struct Entry {
    let name: String
    let path: String
    let rules: [JSONValue]
    var mayFail = false
    var selectsServers = false
  }

  /// The complete mutating configuration.
  ///
  /// - Parameter bundle: The PEM certificates that the API server trusts; nil leaves the field to somebody else, such as cert-manager.
  public func mutating(bundle: [UInt8]?) -> JSONValue {
    configuration(
      .mutatingWebhookConfigurations, Self.mutatingName,
      [
        Entry(
          name: "mgameserverset.kb.io", path: "/mutate-v1-pod", rules: [rule("", "v1", "pods", ["CREATE"])],
          selectsServers: true),
        Entry(
          name: "mgss.gatehouse.game.kruise.io", path: "/mutate-v1alpha1-gss",
          rules: [rule("game.kruise.io", "v1alpha1", "gameserversets", ["CREATE", "UPDATE"])]),
        Entry(
          name: "mgs.gatehouse.game.kruise.io", path: "/mutate-v1alpha1-gs",
          rules: [rule("game.kruise.io", "v1alpha1", "gameservers", ["CREATE", "UPDATE"])], mayFail: true),
      ].map { entry($0, bundle, isMutating: true) })
  }

  /// The complete validating configuration.
  ///
  /// - Parameter bundle: The PEM certificates that the API server trusts; nil leaves the field to somebody else.
  public func validating(bundle: [UInt8]?) -> JSONValue {
    configuration(
      .validatingWebhookConfigurations, Self.validatingName,
      [
        Entry(
          name: "vgameserverset.kb.io", path: "/validate-v1alpha1-gss",
          rules: [rule("game.kruise.io", "v1alpha1", "gameserversets", ["CREATE", "UPDATE", "DELETE"])]),
        Entry(
          name: "vpod.gatehouse.game.kruise.io", path: "/validate-v1-pod", rules: [rule("", "v1", "pods", ["CREATE"])],
          selectsServers: true),
        // An Eviction carries no labels of its pod, so no selector can choose it, and it must not hang on this product being up.
        Entry(
          name: "veviction.gatehouse.game.kruise.io", path: "/validate-v1-pod",
          rules: [rule("", "v1", "pods/eviction", ["CREATE"])], mayFail: true),
        Entry(
          name: "vgs.gatehouse.game.kruise.io", path: "/validate-v1alpha1-gs",
          rules: [rule("game.kruise.io", "v1alpha1", "gameservers", ["CREATE", "UPDATE"])], mayFail: true),
      ].map { entry($0, bundle, isMutating: false) })
  }

  private func configuration(_ resource: Resource, _ name: String, _ entries: [JSONValue]) -> JSONValue {
    [
      "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind), "metadata": ["name": .string(name)],
      "webhooks": .array(entries),
    ]
  }

  private func rule(_ group: String, _ version: String, _ resource: String, _ operations: [JSONValue]) -> JSONValue {
    [
      "apiGroups": [.string(group)], "apiVersions": [.string(version)], "operations": .array(operations),
      "resources": [.string(resource)], "scope": "Namespaced",
    ]
  }

  private func entry(_ entry: Entry, _ bundle: [UInt8]?, isMutating: Bool) -> JSONValue {
    var value: JSONValue = [
      "name": .string(entry.name), "admissionReviewVersions": ["v1", "v1beta1"],
      "clientConfig": clientConfig(entry.path, bundle), "failurePolicy": entry.mayFail ? "Ignore" : "Fail",
      "matchPolicy": "Equivalent", "namespaceSelector": namespaceSelector, "rules": .array(entry.rules),
      "sideEffects": "None", "timeoutSeconds": 5,
    ]
    value["objectSelector"] =
      entry.selectsServers
      ? ["matchExpressions": [["key": .string(GameLabels.ownerSet), "operator": "Exists"]]] : .object(JSONObject())
    if isMutating { value["reinvocationPolicy"] = "IfNeeded" }
    return value
  }

  private func clientConfig(_ path: String, _ bundle: [UInt8]?) -> JSONValue {
    var config: JSONValue
    switch target {
    case .service(let service):
      config = [
        "service": [
          "namespace": .string(service.namespace), "name": .string(service.name), "path": .string(path), "port": 443,
        ]
      ]
    case .url(let base): config = ["url": .string(base + path)]
    }
    if let bundle { config["caBundle"] = .string(Base64.encode(bundle)) }
    return config
  }

  private var namespaceSelector: JSONValue {
    [
      "matchExpressions": [
        [
          "key": "kubernetes.io/metadata.name", "operator": "NotIn",
          "values": .array(Set([ownNamespace, "kube-system"]).sorted().map(JSONValue.string)),
        ],
        ["key": .string(Self.ignoreLabel), "operator": "NotIn", "values": ["ignore"]],
      ]
    ]
  }
}
