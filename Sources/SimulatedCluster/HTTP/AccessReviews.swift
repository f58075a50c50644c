import JSON
import Kubernetes

/// Questions about rights.
///
/// Nothing is enforced in a simulated cluster; service accounts alone are told what its roles say, and everybody else may do everything.
enum AccessReviews {
  static let groups = ["authorization.k8s.io", "authentication.k8s.io"]
  private static let kinds = [
    "selfsubjectaccessreviews": "SelfSubjectAccessReview", "subjectaccessreviews": "SubjectAccessReview",
    "localsubjectaccessreviews": "LocalSubjectAccessReview", "selfsubjectrulesreviews": "SelfSubjectRulesReview",
    "tokenreviews": "TokenReview",
  ]

  static func resources(_ group: String) -> [JSONValue] {
    guard groups.contains(group) else { return [] }
    return kinds.filter { ($0.key == "tokenreviews") == (group == "authentication.k8s.io") }
      .sorted { $0.key < $1.key }.map { plural, kind in
        [
          "name": .string(plural), "singularName": "", "namespaced": .bool(plural.hasPrefix("local")),
          "kind": .string(kind), "verbs": ["create"],
        ]
      }
  }

  /// The answered review; nil where the path is none of a review.
  static func answer(
    _ path: ResourcePath, _ body: JSONValue, user: String, _ server: SimulatedAPIServer
  ) -> JSONValue? {
    guard groups.contains(path.group), kinds[path.plural] != nil else { return nil }
    var review = body
    switch path.plural {
    case "tokenreviews":
      review["status"] = ["authenticated": true, "user": ["username": .string(user), "groups": ["system:masters"]]]
    case "selfsubjectrulesreviews":
      review["status"] = [
        "resourceRules": [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]],
        "nonResourceRules": [["verbs": ["*"], "nonResourceURLs": ["*"]]], "incomplete": false,
      ]
    default:
      let asked = path.plural == "selfsubjectaccessreviews" ? user : body["spec"]?["user"]?.string ?? ""
      review["status"] = status(asked, body["spec"]?["resourceAttributes"], server)
    }
    return review
  }

  private static func status(_ user: String, _ attributes: JSONValue?, _ server: SimulatedAPIServer) -> JSONValue {
    guard let account = AccessRules.Account(user: user), let attributes else {
      return ["allowed": true, "reason": "everything is allowed in a simulated cluster"]
    }
    func text(_ field: String) -> String { attributes[field]?.string ?? "" }
    let subresource = text("subresource")
    let request = AccessRules.Request(
      verb: text("verb"), group: text("group"),
      resource: subresource.isEmpty ? text("resource") : "\(text("resource"))/\(subresource)", name: text("name"),
      namespace: text("namespace"))
    return ["allowed": .bool(AccessRules(server).allow(request, to: account))]
  }
}
