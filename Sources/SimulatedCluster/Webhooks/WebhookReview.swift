import JSON
import Kubernetes

/// An admission review on its way to a webhook and back.
struct WebhookReview: Sendable {
  /// What the webhook decided.
  struct Decision: Sendable {
    var isAllowed: Bool
    var status: JSONValue?
    var patch: JSONPatch?
    var warnings: [String]
    var annotations: [(key: String, value: String)]
  }

  /// An answer that breaks the protocol: a failed call.
  struct Violation: Error, Sendable {
    let message: String
  }

  let uid: String
  let version: String
  let isMutating: Bool

  private var apiVersion: String { "admission.k8s.io/\(version)" }

  /// The review of a write.
  func request(_ attempt: AdmissionAttempt) -> JSONValue {
    let resource = attempt.resource
    let kind = Self.kind(attempt)
    let names: JSONValue = [
      "group": .string(resource.group), "version": .string(resource.version), "resource": .string(resource.plural),
    ]
    var request: JSONValue = ["uid": .string(uid), "kind": kind, "resource": names]
    if !attempt.subresource.isEmpty { request["subResource"] = .string(attempt.subresource) }
    request["requestKind"] = kind
    request["requestResource"] = names
    if !attempt.subresource.isEmpty { request["requestSubResource"] = .string(attempt.subresource) }
    if !attempt.key.name.isEmpty { request["name"] = .string(attempt.key.name) }
    if resource.isNamespaced { request["namespace"] = .string(attempt.key.namespace) }
    if resource == .namespaces { request["namespace"] = .string(attempt.key.name) }
    request["operation"] = .string(attempt.operation)
    request["userInfo"] = [
      "username": .string(attempt.user), "groups": ["system:masters", "system:authenticated"],
    ]
    request["object"] = attempt.object ?? .null
    request["oldObject"] = attempt.old ?? .null
    request["dryRun"] = .bool(attempt.isDryRun)
    request["options"] = attempt.options
    return ["kind": "AdmissionReview", "apiVersion": .string(apiVersion), "request": request]
  }

  /// Reads the answer (`webhookrequest.VerifyAdmissionResponse` of the API server).
  func decision(_ body: [UInt8]) throws(Violation) -> Decision {
    guard let review = try? JSONDocument(body).root else { throw Violation(message: "the answer is no JSON") }
    guard let response = review["response"], response.isObject else {
      throw Violation(message: "webhook response was absent")
    }
    if version == "v1" {
      let found = "\(review["apiVersion"]?.string ?? ""), Kind=\(review["kind"]?.string ?? "")"
      guard found == "\(apiVersion), Kind=AdmissionReview" else {
        throw Violation(message: "expected webhook response of \(apiVersion), Kind=AdmissionReview, got \(found)")
      }
      let answered = response["uid"]?.string ?? ""
      guard answered == uid else {
        throw Violation(message: "expected response.uid=\"\(uid)\", got \"\(answered)\"")
      }
    }
    return Decision(
      isAllowed: response["allowed"]?.bool ?? false, status: response["status"].map(JSONValue.init),
      patch: try patch(response), warnings: response["warnings"]?.elements.compactMap(\.string) ?? [],
      annotations: StringMap(response["auditAnnotations"]).map { ($0.key, $0.value) })
  }

  private func patch(_ response: JSONView) throws(Violation) -> JSONPatch? {
    let (patch, type) = (response["patch"]?.string ?? "", response["patchType"]?.string)
    guard isMutating else {
      guard version == "v1beta1" || (patch.isEmpty && type == nil) else {
        throw Violation(message: "validating webhook may not return response.patch or response.patchType")
      }
      return nil
    }
    switch (patch.isEmpty, type) {
    case (true, nil): return nil
    case (true, _?): throw Violation(message: "webhook returned response.patchType but not response.patch")
    case (false, nil) where version == "v1":
      throw Violation(message: "webhook returned response.patch but not response.patchType")
    case (false, let type?) where type != "JSONPatch":
      throw Violation(message: "webhook returned invalid response.patchType of \"\(type)\"")
    case (false, _):
      guard let bytes = Base64.decode(patch) else { throw Violation(message: "response.patch is not base64") }
      do {
        return try JSONPatch(try JSONDocument(bytes).root)
      } catch {
        throw Violation(message: "response.patch is no JSON patch: \(error)")
      }
    }
  }

  /// The kind of what is written: a subresource may have one of its own.
  private static func kind(_ attempt: AdmissionAttempt) -> JSONValue {
    let (group, version, kind) =
      switch attempt.subresource {
      case "scale": ("autoscaling", "v1", "Scale")
      case "eviction": ("policy", "v1", "Eviction")
      case "binding": ("", "v1", "Binding")
      default: (attempt.resource.group, attempt.resource.version, attempt.resource.kind)
      }
    return ["group": .string(group), "version": .string(version), "kind": .string(kind)]
  }
}
