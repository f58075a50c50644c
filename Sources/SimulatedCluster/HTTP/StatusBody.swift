import JSON
import Kubernetes

/// `Status` objects: how the API server says that something failed, or that there is nothing more to say.
enum StatusBody {
  static func failure(_ error: KubernetesError) -> JSONValue {
    var status: JSONValue = [
      "kind": "Status", "apiVersion": "v1", "metadata": .object(JSONObject()), "status": "Failure",
      "message": .string(error.message), "reason": .string(error.code.reason),
    ]
    var details = error.details.map(encode)
    if let wait = error.retryAfter {
      var some = details ?? .object(JSONObject())
      some["retryAfterSeconds"] = .int(Int(wait.components.seconds))
      details = some
    }
    if let details { status["details"] = details }
    status["code"] = .int(error.httpStatus)
    return status
  }

  /// Success of a call that answers no object.
  static func success(_ resource: Resource? = nil, name: String = "", uid: String = "") -> JSONValue {
    var status: JSONValue = [
      "kind": "Status", "apiVersion": "v1", "metadata": .object(JSONObject()), "status": "Success",
    ]
    if let resource {
      var details: JSONValue = ["name": .string(name)]
      if !resource.group.isEmpty { details["group"] = .string(resource.group) }
      details["kind"] = .string(resource.plural)
      if !uid.isEmpty { details["uid"] = .string(uid) }
      status["details"] = details
    }
    return status
  }

  /// Reads the `details` of a status.
  static func details(_ value: JSONValue) -> StatusDetails {
    let causes = (value["causes"]?.array ?? []).map { cause in
      StatusDetails.Cause(
        reason: cause["reason"]?.string ?? "", message: cause["message"]?.string ?? "",
        field: cause["field"]?.string ?? "")
    }
    return StatusDetails(
      name: value["name"]?.string ?? "", group: value["group"]?.string ?? "", kind: value["kind"]?.string ?? "",
      causes: causes)
  }

  private static func encode(_ details: StatusDetails) -> JSONValue {
    var value = JSONValue.object(JSONObject())
    for (name, text) in [("name", details.name), ("group", details.group), ("kind", details.kind)] where !text.isEmpty {
      value[name] = .string(text)
    }
    if !details.causes.isEmpty {
      value["causes"] = .array(
        details.causes.map { cause in
          ["reason": .string(cause.reason), "message": .string(cause.message), "field": .string(cause.field)]
        })
    }
    return value
  }
}

extension KubernetesError {
  /// The HTTP status, 500 for a failure that has none.
  var httpStatus: Int { (400...599).contains(status) ? status : 500 }
}

extension KubernetesError.Code {
  /// The word of `metav1.StatusReason`.
  var reason: String {
    switch self {
    case .badRequest: "BadRequest"
    case .unauthorized: "Unauthorized"
    case .forbidden: "Forbidden"
    case .notFound: "NotFound"
    case .alreadyExists: "AlreadyExists"
    case .conflict: "Conflict"
    case .gone: "Gone"
    case .expired: "Expired"
    case .invalid: "Invalid"
    case .tooManyRequests: "TooManyRequests"
    case .serverTimeout: "ServerTimeout"
    case .timeout: "Timeout"
    case .internalError, .unreachable, .malformedAnswer, .notLeader: "InternalError"
    case .serviceUnavailable: "ServiceUnavailable"
    case .methodNotAllowed: "MethodNotAllowed"
    case .unsupportedMediaType: "UnsupportedMediaType"
    case .requestEntityTooLarge: "RequestEntityTooLarge"
    case .other(let reason): reason
    }
  }
}
