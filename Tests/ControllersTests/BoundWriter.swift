import Controllers
import JSON
import Kubernetes

/// Lets through what the shipped roles allow, and refuses the rest as an API server does: so every scenario is a test of the roles too.
struct BoundWriter: ClusterWriter {
  private let writer: any ClusterWriter

  init(_ writer: any ClusterWriter) { self.writer = writer }

  private func check(_ verbs: [String], _ resource: Resource, _ subresource: String? = nil) throws(KubernetesError) {
    let plural = subresource.map { "\(resource.plural)/\($0)" } ?? resource.plural
    let rules = NeededAccess.rules.filter { $0.group == resource.group && $0.resource == plural }
    let granted = Set(rules.flatMap(\.verbs))
    guard granted.isSuperset(of: verbs) else {
      throw KubernetesError(
        .forbidden, status: 403, message: "the roles of deploy/ do not allow \(verbs) of \(plural).\(resource.group)")
    }
  }

  func create(
    _ resource: Resource, namespace: String, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try check(["create"], resource)
    return try await writer.create(resource, namespace: namespace, object, isDryRun: isDryRun)
  }

  func update(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ object: JSONValue, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    try check(["update"], resource, subresource)
    return try await writer.update(resource, key, subresource: subresource, object, isDryRun: isDryRun)
  }

  func patch(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ patch: ObjectPatch, isDryRun: Bool
  ) async throws(KubernetesError) -> KubernetesObject {
    // An apply of an object that is not there is a creation besides.
    if case .apply = patch { try check(["create", "patch"], resource, subresource) }
    try check(["patch"], resource, subresource)
    return try await writer.patch(resource, key, subresource: subresource, patch, isDryRun: isDryRun)
  }

  func delete(_ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions) async throws(KubernetesError) {
    try check(["delete"], resource)
    try await writer.delete(resource, key, options)
  }

  func create(
    _ resource: Resource, _ key: NamespacedName, subresource: String, _ object: JSONValue
  ) async throws(KubernetesError) {
    try check(["create"], resource, subresource)
    try await writer.create(resource, key, subresource: subresource, object)
  }
}
