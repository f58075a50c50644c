import JSON
import KubeClient
import Kubernetes

/// Applies overlays to an API server, and takes everything away again.
struct Installation {
  private let client: KubeClient
  private let namespace: String
  /// Definitions that were there before, and stay.
  private let others: Set<String>

  /// Prepares a cluster.
  init(_ client: KubeClient, namespace: String) async throws {
    self.client = client
    self.namespace = namespace
    let found = try await client.list(
      .customResourceDefinitions, namespace: nil, labelSelector: "", fieldSelector: "")
    others = Set(found.map(\.name))
    try await prepare()
  }

  private static let resources: [Resource] = [
    .namespaces, .customResourceDefinitions, .serviceAccounts, .configMaps, .services,
    .mutatingWebhookConfigurations, .validatingWebhookConfigurations,
    Resource(group: "apps", version: "v1", plural: "deployments", kind: "Deployment"),
    Resource(
      group: "policy", version: "v1beta1", plural: "poddisruptionbudgets", kind: "PodDisruptionBudget"),
    Resource(group: "networking.k8s.io", version: "v1", plural: "networkpolicies", kind: "NetworkPolicy"),
    rbac("roles", "Role"), rbac("rolebindings", "RoleBinding"),
    rbac("clusterroles", "ClusterRole", isNamespaced: false),
    rbac("clusterrolebindings", "ClusterRoleBinding", isNamespaced: false), certificates("issuers", "Issuer"),
    certificates("certificates", "Certificate"),
  ]

  private static func rbac(_ plural: String, _ kind: String, isNamespaced: Bool = true) -> Resource {
    Resource(
      group: "rbac.authorization.k8s.io", version: "v1", plural: plural, kind: kind, isNamespaced: isNamespaced)
  }

  private static func certificates(_ plural: String, _ kind: String) -> Resource {
    Resource(group: "cert-manager.io", version: "v1", plural: plural, kind: kind)
  }

  /// Makes stand-ins for cert-manager's definitions, which take any object.
  private func prepare() async throws {
    for resource in Self.resources where resource.group == "cert-manager.io" {
      let version: JSONValue = [
        "name": "v1", "served": true, "storage": true,
        "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
      ]
      let names: JSONValue = [
        "plural": .string(resource.plural), "kind": .string(resource.kind), "listKind": .string("\(resource.kind)List"),
        "singular": .string(resource.kind.lowercased()),
      ]
      try await write(
        [
          "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
          "metadata": ["name": .string(resource.description)],
          "spec": [
            "group": .string(resource.group), "scope": "Namespaced", "names": names, "versions": [version],
          ],
        ])
      try await waitUntilServed(resource)
    }
  }

  /// Applies an overlay in kubectl's order: namespaces and definitions first.
  /// - Returns: Every object with its version, or with its generation where controllers write its status.
  func apply(_ folder: String) async throws -> [String] {
    var versions: [String] = []
    for object in try objects(folder) {
      let stored = try await write(object)
      let version = stored.json["metadata"]?["generation"]?.int.map { "\($0)" } ?? stored.metadata.resourceVersion
      versions.append("\(stored.kind) \(stored.key) \(version)")
    }
    return versions
  }

  /// Deletes everything that any overlay has, the namespace last.
  func remove() async throws {
    var gone: Set<NamespacedName> = []
    for folder in CompositionTests.overlays {
      for object in try objects(folder).reversed() {
        let key = KubernetesObject(object).key
        guard let resource = resource(object), !others.contains(key.name) else { continue }
        guard gone.insert(NamespacedName(resource.description, "\(key)")).inserted else { continue }
        try await delete(resource, key)
      }
    }
    for resource in Self.resources where resource.group == "cert-manager.io" {
      try await delete(.customResourceDefinitions, NamespacedName("", resource.description))
    }
    // A definition that is on its way out would take with it what the next test applies.
    try await wait("the definitions are still there") {
      let left = try await definitions()
      return left.subtracting(others).isEmpty
    }
  }

  private func definitions() async throws -> Set<String> {
    let found = try await client.list(
      .customResourceDefinitions, namespace: nil, labelSelector: "", fieldSelector: "")
    return Set(found.map(\.name))
  }

  /// Deletes the webhook configurations only.
  func removeWebhooks() async throws {
    for object in try objects("deploy/overlays/files") {
      guard let resource = resource(object), resource.group == "admissionregistration.k8s.io" else { continue }
      try await delete(resource, KubernetesObject(object).key)
    }
  }

  private func objects(_ folder: String) throws -> [JSONValue] {
    let all = try Kustomization(folder).objects.map { object in
      // PodDisruptionBudgets are policy/v1 from 1.21 on, and the server may be older; both have these fields.
      let text = object.text.replacing("kruise-game-system", with: namespace)
        .replacing("\"policy/v1\"", with: "\"policy/v1beta1\"")
      return JSONValue(try JSONDocument(Array(text.utf8)).root)
    }
    let first = ["Namespace", "CustomResourceDefinition"]
    return all.filter { first.contains($0["kind"]?.string ?? "") }
      + all.filter { !first.contains($0["kind"]?.string ?? "") }
  }

  private func resource(_ object: JSONValue) -> Resource? {
    Self.resources.first {
      $0.kind == object["kind"]?.string && $0.apiVersion == object["apiVersion"]?.string
    }
  }

  @discardableResult
  private func write(_ object: JSONValue) async throws -> KubernetesObject {
    guard let resource = resource(object) else {
      throw Kustomization.Failure(description: "no resource is known for \(object["kind"]?.string ?? "an object")")
    }
    return try await client.patch(
      resource, KubernetesObject(object).key, .apply(object, fieldManager: "kubectl", force: true))
  }

  private func delete(_ resource: Resource, _ key: NamespacedName) async throws {
    do throws(KubernetesError) {
      try await client.delete(resource, key, DeleteOptions(propagation: .background))
    } catch  where error.code == .notFound {
      // Of another overlay, or gone with its definition.
    }
  }

  /// A definition is served a moment after it is stored.
  private func waitUntilServed(_ resource: Resource) async throws {
    try await wait("\(resource) is not served") {
      (try? await client.list(resource, namespace: namespace, labelSelector: "", fieldSelector: "")) != nil
    }
  }

  /// Looks until something is so; only a failing test waits a minute.
  private func wait(_ failure: String, until isSo: () async throws -> Bool) async throws {
    for _ in 0..<3000 {
      if try await isSo() { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw Kustomization.Failure(description: failure)
  }
}
