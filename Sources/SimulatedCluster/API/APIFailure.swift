import Kubernetes

/// The refusals of the API server, in the words of the real one, since programs and people match them.
enum APIFailure {
  static func notFound(_ resource: Resource, _ name: String) -> KubernetesError {
    KubernetesError(
      .notFound, status: 404, message: "\(resource) \"\(name)\" not found", details: details(resource, name))
  }

  static func alreadyExists(_ resource: Resource, _ name: String) -> KubernetesError {
    KubernetesError(
      .alreadyExists, status: 409, message: "\(resource) \"\(name)\" already exists", details: details(resource, name))
  }

  static func conflict(_ resource: Resource, _ name: String, _ why: String) -> KubernetesError {
    KubernetesError(
      .conflict, status: 409, message: "Operation cannot be fulfilled on \(resource) \"\(name)\": \(why)",
      details: details(resource, name))
  }

  static func modified(_ resource: Resource, _ name: String) -> KubernetesError {
    conflict(
      resource, name, "the object has been modified; please apply your changes to the latest version and try again")
  }

  static func wrongUID(_ resource: Resource, _ name: String, expected: String, found: String) -> KubernetesError {
    conflict(
      resource, name,
      "Precondition failed: UID in precondition: \(expected), UID in object meta: \(found)")
  }

  static func invalid(_ resource: Resource, _ name: String, _ problems: [FieldProblem]) -> KubernetesError {
    let texts = problems.map(\.description)
    let list = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
    let kind = resource.group.isEmpty ? resource.kind : "\(resource.kind).\(resource.group)"
    let causes = problems.map { StatusDetails.Cause(reason: $0.reason, message: $0.message, field: $0.path) }
    return KubernetesError(
      .invalid, status: 422, message: "\(kind) \"\(name)\" is invalid: \(list)",
      details: StatusDetails(name: name, group: resource.group, kind: resource.kind, causes: causes))
  }

  private static func details(_ resource: Resource, _ name: String) -> StatusDetails {
    StatusDetails(name: name, group: resource.group, kind: resource.plural)
  }

  static func badRequest(_ message: String) -> KubernetesError {
    KubernetesError(.badRequest, status: 400, message: message)
  }
}

/// What is wrong with one field.
struct FieldProblem: Sendable, Hashable, CustomStringConvertible {
  let path: String
  let message: String

  var description: String { "\(path): \(message)" }

  /// The word of `metav1.CauseType` that belongs to the message.
  var reason: String {
    let words = [
      "Required value": "FieldValueRequired", "Invalid value": "FieldValueInvalid",
      "Unsupported value": "FieldValueNotSupported", "Duplicate value": "FieldValueDuplicate",
      "Forbidden": "FieldValueForbidden", "Too long": "FieldValueTooLong", "Too many": "FieldValueTooMany",
      "Not found": "FieldValueNotFound",
    ]
    return words.first { message.hasPrefix($0.key) }?.value ?? "FieldValueInvalid"
  }

  static func required(_ path: String, _ detail: String = "") -> FieldProblem {
    FieldProblem(path: path, message: detail.isEmpty ? "Required value" : "Required value: \(detail)")
  }

  static func invalid(_ path: String, _ value: String, _ detail: String) -> FieldProblem {
    FieldProblem(path: path, message: "Invalid value: \(value): \(detail)")
  }
}
