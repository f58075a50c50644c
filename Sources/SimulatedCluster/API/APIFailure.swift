import Kubernetes

/// The refusals of the API server, in the words of the real one, since programs and people match them.
enum APIFailure {
  static func notFound(_ resource: Resource, _ name: String) -> KubernetesError {
    KubernetesError(.notFound, status: 404, message: "\(resource) \"\(name)\" not found")
  }

  static func alreadyExists(_ resource: Resource, _ name: String) -> KubernetesError {
    KubernetesError(.alreadyExists, status: 409, message: "\(resource) \"\(name)\" already exists")
  }

  static func conflict(_ resource: Resource, _ name: String, _ why: String) -> KubernetesError {
    KubernetesError(
      .conflict, status: 409, message: "Operation cannot be fulfilled on \(resource) \"\(name)\": \(why)")
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
    return KubernetesError(.invalid, status: 422, message: "\(kind) \"\(name)\" is invalid: \(list)")
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

  static func required(_ path: String, _ detail: String = "") -> FieldProblem {
    FieldProblem(path: path, message: detail.isEmpty ? "Required value" : "Required value: \(detail)")
  }

  static func invalid(_ path: String, _ value: String, _ detail: String) -> FieldProblem {
    FieldProblem(path: path, message: "Invalid value: \(value): \(detail)")
  }

  static func immutable(_ path: String) -> FieldProblem {
    FieldProblem(path: path, message: "Invalid value: field is immutable")
  }
}
