/// A kind of object that the API server keeps: its group, version, plural name and kind.
public struct Resource: Hashable, Sendable, CustomStringConvertible {
  /// The API group; empty for the core group.
  public let group: String
  /// The version, such as `v1`.
  public let version: String
  /// The plural name that paths use, such as `pods`.
  public let plural: String
  /// The kind that objects carry, such as `Pod`.
  public let kind: String
  /// Whether its objects live in namespaces.
  public let isNamespaced: Bool

  /// Describes a resource.
  public init(group: String, version: String, plural: String, kind: String, isNamespaced: Bool = true) {
    self.group = group
    self.version = version
    self.plural = plural
    self.kind = kind
    self.isNamespaced = isNamespaced
  }

  /// Feeds the plural name, which alone tells nearly all resources apart: reviews look resources up by the dozen.
  public func hash(into hasher: inout Hasher) { hasher.combine(plural) }

  /// The `apiVersion` that its objects carry.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  /// `plural.group`, the name that people and error messages use.
  public var description: String { group.isEmpty ? plural : "\(plural).\(group)" }

  /// The path of the collection, or of one object, on the API server.
  ///
  /// Shape: `/api/v1/namespaces/NS/pods/NAME/SUB` for the core group, `/apis/GROUP/VERSION/…` for the others.
  public func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
    var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
    if isNamespaced, let namespace, !namespace.isEmpty { path += "/namespaces/\(namespace)" }
    path += "/\(plural)"
    if let name { path += "/\(name)" }
    if let subresource { path += "/\(subresource)" }
    return path
  }

  /// Whether the two name the same objects, in whatever version.
  public func isSameKind(as other: Resource) -> Bool { group == other.group && plural == other.plural }
}

extension Resource {
  /// The resource `pods`.
  public static let pods = Resource(group: "", version: "v1", plural: "pods", kind: "Pod")
  /// The resource `services`.
  public static let services = Resource(group: "", version: "v1", plural: "services", kind: "Service")
  /// The resource `endpoints`.
  public static let endpoints = Resource(group: "", version: "v1", plural: "endpoints", kind: "Endpoints")
  /// The resource `nodes`.
  public static let nodes = Resource(group: "", version: "v1", plural: "nodes", kind: "Node", isNamespaced: false)
  /// The resource `namespaces`.
  public static let namespaces = Resource(
    group: "", version: "v1", plural: "namespaces", kind: "Namespace", isNamespaced: false)
  /// The resource `configmaps`.
  public static let configMaps = Resource(group: "", version: "v1", plural: "configmaps", kind: "ConfigMap")
  /// The resource `secrets`.
  public static let secrets = Resource(group: "", version: "v1", plural: "secrets", kind: "Secret")
  /// The resource `events`.
  public static let events = Resource(group: "", version: "v1", plural: "events", kind: "Event")
  /// The resource `serviceaccounts`.
  public static let serviceAccounts = Resource(
    group: "", version: "v1", plural: "serviceaccounts", kind: "ServiceAccount")
  /// The resource `persistentvolumeclaims`.
  public static let persistentVolumeClaims = Resource(
    group: "", version: "v1", plural: "persistentvolumeclaims", kind: "PersistentVolumeClaim")
  /// The resource `persistentvolumes`.
  public static let persistentVolumes = Resource(
    group: "", version: "v1", plural: "persistentvolumes", kind: "PersistentVolume", isNamespaced: false)
  /// The resource `ingresses`.
  public static let ingresses = Resource(
    group: "networking.k8s.io", version: "v1", plural: "ingresses", kind: "Ingress")
  /// The resource `leases`.
  public static let leases = Resource(group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease")
  /// The resource `gameserversets`.
  public static let gameServerSets = Resource(
    group: "game.kruise.io", version: "v1alpha1", plural: "gameserversets", kind: "GameServerSet")
  /// The resource `gameservers`.
  public static let gameServers = Resource(
    group: "game.kruise.io", version: "v1alpha1", plural: "gameservers", kind: "GameServer")
  /// The resource `advancedstatefulsets`.
  public static let advancedStatefulSets = Resource(
    group: "apps.kruise.io", version: "v1beta1", plural: "statefulsets", kind: "StatefulSet")
  /// The resource `podprobemarkers`.
  public static let podProbeMarkers = Resource(
    group: "apps.kruise.io", version: "v1alpha1", plural: "podprobemarkers", kind: "PodProbeMarker")
  /// The resource `controllerrevisions`.
  public static let controllerRevisions = Resource(
    group: "apps", version: "v1", plural: "controllerrevisions", kind: "ControllerRevision")
  /// The resource `customresourcedefinitions`.
  public static let customResourceDefinitions = Resource(
    group: "apiextensions.k8s.io", version: "v1", plural: "customresourcedefinitions", kind: "CustomResourceDefinition",
    isNamespaced: false)
  /// The resource `mutatingwebhookconfigurations`.
  public static let mutatingWebhookConfigurations = Resource(
    group: "admissionregistration.k8s.io", version: "v1", plural: "mutatingwebhookconfigurations",
    kind: "MutatingWebhookConfiguration", isNamespaced: false)
  /// The resource `validatingwebhookconfigurations`.
  public static let validatingWebhookConfigurations = Resource(
    group: "admissionregistration.k8s.io", version: "v1", plural: "validatingwebhookconfigurations",
    kind: "ValidatingWebhookConfiguration", isNamespaced: false)
}
