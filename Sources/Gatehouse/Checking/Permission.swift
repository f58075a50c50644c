import Controllers
import JSON
import Kubernetes

/// Something that the manager has to be allowed to do; the RBAC manifests and `gatehouse check` follow this list.
struct Permission: Sendable, Hashable {
  /// Where it has to be allowed.
  enum Scope: Sendable, Hashable {
    /// In every namespace, or for objects without one: a ClusterRole.
    case everywhere
    /// In the product's own namespace: a Role.
    case ownNamespace
  }

  /// The API group; empty for the core group.
  let group: String
  /// The resource, with its subresource behind a slash.
  let resource: String
  /// What has to be allowed.
  let verbs: [String]
  /// Where.
  var scope = Scope.everywhere
  /// The only objects; empty for all.
  var names: [String] = []

  private init(
    _ group: String, _ resource: String, _ verbs: String, in scope: Scope = .everywhere, names: [String] = []
  ) {
    self.group = group
    self.resource = resource
    self.verbs = verbs.split(separator: " ").map(String.init)
    self.scope = scope
    self.names = names
  }

  /// Everything that the manager does, and nothing else.
  static let needed: [Permission] = watching + games + networks + own

  /// What stores are filled with.
  private static let watching = [
    Permission("", "nodes", "get list watch"),
    Permission("", "persistentvolumeclaims", "get list watch"),
    Permission("", "persistentvolumes", "get list watch"),
    Permission(
      "apiextensions.k8s.io", "customresourcedefinitions", "get",
      names: ["\(Resource.advancedStatefulSets.plural).\(Resource.advancedStatefulSets.group)"]),
  ]

  /// What the controllers of sets and servers write.
  private static let games = [
    Permission("game.kruise.io", "gameserversets", "get list watch update patch"),
    Permission("game.kruise.io", "gameserversets/status", "patch"),
    // Owner references that hold a deletion back need this where the API server enforces it.
    Permission("game.kruise.io", "gameserversets/finalizers", "update"),
    Permission("game.kruise.io", "gameservers", "get list watch create update patch delete"),
    Permission("game.kruise.io", "gameservers/status", "patch"),
    Permission("apps.kruise.io", "statefulsets", "get list watch create update patch"),
    Permission("apps.kruise.io", "podprobemarkers", "get list watch create update patch delete"),
    Permission("", "pods", "get list watch patch"),
    Permission("", "pods/finalizers", "update"),
    Permission("", "events", "create patch"),
  ]

  /// What networks are made of.
  private static let networks = [
    Permission("", "services", "get list watch create update patch delete"),
    Permission("networking.k8s.io", "ingresses", "get list watch create update patch delete"),
  ]

  /// The lease, the certificates and the registration.
  private static let own = [
    Permission("coordination.k8s.io", "leases", "create", in: .ownNamespace),
    Permission(
      "coordination.k8s.io", "leases", "get patch", in: .ownNamespace, names: [ReplicaSettings.leaseName]),
    Permission("", "secrets", "create", in: .ownNamespace),
    Permission(
      "", "secrets", "get list watch update", in: .ownNamespace, names: [WebhookCertificates.secretName]),
    Permission("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "create"),
    Permission(
      "admissionregistration.k8s.io", "mutatingwebhookconfigurations", "get list watch patch",
      names: [WebhookEntries.mutatingName]),
    Permission("admissionregistration.k8s.io", "validatingwebhookconfigurations", "create"),
    Permission(
      "admissionregistration.k8s.io", "validatingwebhookconfigurations", "get list watch patch",
      names: [WebhookEntries.validatingName]),
  ]

  /// The rule of a Role or ClusterRole that allows it.
  var rule: JSONValue {
    var rule: JSONValue = ["apiGroups": [.string(group)], "resources": [.string(resource)]]
    if !names.isEmpty { rule["resourceNames"] = .array(names.map(JSONValue.string)) }
    rule["verbs"] = .array(verbs.map(JSONValue.string))
    return rule
  }

  /// The rules of one scope, as the `rules` of a Role or ClusterRole.
  static func rules(_ scope: Scope) -> JSONValue {
    .array(needed.filter { $0.scope == scope }.map(\.rule))
  }
}
