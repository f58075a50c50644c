import JSON
import KubeClient
import Kubernetes

/// Whether everything is allowed that the manager does (SelfSubjectAccessReview).
struct AccessCheck: ClusterCheck {
  let area = "rights"
  private static let reviews = Resource(
    group: "authorization.k8s.io", version: "v1", plural: "selfsubjectaccessreviews", kind: "SelfSubjectAccessReview",
    isNamespaced: false)

  func lines(_ cluster: CheckedCluster) async throws(KubernetesError) -> [CheckLine] {
    var missing: [String] = []
    var count = 0
    for permission in Permission.needed {
      var refused: [String] = []
      for verb in permission.verbs {
        count += 1
        if try await !isAllowed(verb, permission, cluster) { refused.append(verb) }
      }
      if !refused.isEmpty { missing.append(description(permission, refused, cluster)) }
    }
    guard !missing.isEmpty else {
      return [.passed(area, "\(cluster.askerName) may do all \(count) things that are needed")]
    }
    return missing.map {
      .failed(
        area, "\(cluster.askerName) may not \($0)",
        "apply the roles of deploy/, or `gatehouse check --rules` tells what they have to hold")
    }
  }

  private func isAllowed(
    _ verb: String, _ permission: Permission, _ cluster: CheckedCluster
  ) async throws(KubernetesError) -> Bool {
    let parts = permission.resource.split(separator: "/").map(String.init)
    var attributes: JSONValue = [
      "verb": .string(verb), "group": .string(permission.group), "resource": .string(parts[0]),
    ]
    if parts.count > 1 { attributes["subresource"] = .string(parts[1]) }
    if permission.scope == .ownNamespace { attributes["namespace"] = .string(cluster.namespace) }
    if let name = permission.names.first { attributes["name"] = .string(name) }
    let review: JSONValue = [
      "apiVersion": .string(Self.reviews.apiVersion), "kind": .string(Self.reviews.kind),
      "spec": ["resourceAttributes": attributes],
    ]
    let answer = try await cluster.asker.create(Self.reviews, namespace: "", review, isDryRun: false)
    return answer.json["status"]?["allowed"]?.bool == true
  }

  private func description(_ permission: Permission, _ verbs: [String], _ cluster: CheckedCluster) -> String {
    let resource = permission.group.isEmpty ? permission.resource : "\(permission.resource) of \(permission.group)"
    let place = permission.scope == .ownNamespace ? " in \(cluster.namespace)" : ""
    let names = permission.names.isEmpty ? "" : " named \(permission.names.joined(separator: ", "))"
    return "\(verbs.joined(separator: ", ")) \(resource)\(names)\(place)"
  }
}
