import Controllers
import JSON
import KubeClient
import Kubernetes
import NetworkPlugins

/// Whether everything is allowed that the manager does (SelfSubjectAccessReview).
struct AccessCheck: ClusterCheck {
  let area = "rights"
  private static let reviews = Resource(
    group: "authorization.k8s.io", version: "v1", plural: "selfsubjectaccessreviews", kind: "SelfSubjectAccessReview",
    isNamespaced: false)

  func lines(_ cluster: CheckedCluster) async throws(KubernetesError) -> [CheckLine] {
    var lines: [CheckLine] = []
    var count = 0
    for rule in NeededAccess.rules where cluster.registersItself || rule.purpose != .registration {
      var refused: [String] = []
      for verb in rule.verbs {
        count += 1
        var isAllowed = true
        for name in rule.names.isEmpty ? [""] : rule.names where isAllowed {
          isAllowed = try await self.isAllowed(verb, rule, name: name, cluster)
        }
        if !isAllowed { refused.append(verb) }
      }
      if !refused.isEmpty { lines.append(line(rule, refused, cluster)) }
    }
    guard lines.isEmpty else { return lines }
    return [.passed(area, "\(cluster.askerName) may do all \(count) things that are needed")]
  }

  private func line(_ rule: AccessRule, _ refused: [String], _ cluster: CheckedCluster) -> CheckLine {
    let message = "\(cluster.askerName) may not \(description(rule, refused, cluster))"
    if case .provider(let provider) = rule.purpose {
      return .warned(
        area, message, "apply kruise-game-provider-role of deploy/ where plugins of \(provider) are in use")
    }
    return .failed(
      area, message, "apply the roles of deploy/, or `gatehouse check --rules` tells what they have to hold")
  }

  private func isAllowed(
    _ verb: String, _ rule: AccessRule, name: String, _ cluster: CheckedCluster
  ) async throws(KubernetesError) -> Bool {
    let parts = rule.resource.split(separator: "/").map(String.init)
    var attributes: JSONValue = [
      "verb": .string(verb), "group": .string(rule.group), "resource": .string(parts[0]),
    ]
    if parts.count > 1 { attributes["subresource"] = .string(parts[1]) }
    if rule.scope == .ownNamespace { attributes["namespace"] = .string(cluster.namespace) }
    if !name.isEmpty { attributes["name"] = .string(name) }
    let review: JSONValue = [
      "apiVersion": .string(Self.reviews.apiVersion), "kind": .string(Self.reviews.kind),
      "spec": ["resourceAttributes": attributes],
    ]
    let answer = try await cluster.asker.create(Self.reviews, namespace: "", review, isDryRun: false)
    return answer.json["status"]?["allowed"]?.bool == true
  }

  private func description(_ rule: AccessRule, _ verbs: [String], _ cluster: CheckedCluster) -> String {
    let resource = rule.group.isEmpty ? rule.resource : "\(rule.resource) of \(rule.group)"
    let place = rule.scope == .ownNamespace ? " in \(cluster.namespace)" : ""
    let names = rule.names.isEmpty ? "" : " named \(rule.names.joined(separator: ", "))"
    return "\(verbs.joined(separator: ", ")) \(resource)\(names)\(place)"
  }
}

extension AccessRule {
  /// The rules of one scope, as the `rules` of a Role or ClusterRole.
  static func roleRules(_ scope: Scope, registersItself: Bool) -> JSONValue {
    let rules = NeededAccess.rules.filter { $0.scope == scope && (registersItself || $0.purpose != .registration) }
    return .array(rules.map(\.roleRule))
  }

  private var roleRule: JSONValue {
    var rule: JSONValue = ["apiGroups": [.string(group)], "resources": [.string(resource)]]
    if !names.isEmpty { rule["resourceNames"] = .array(names.map(JSONValue.string)) }
    rule["verbs"] = .array(verbs.map(JSONValue.string))
    return rule
  }
}
