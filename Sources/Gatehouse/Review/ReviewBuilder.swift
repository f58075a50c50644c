import JSON
import Kubernetes

/// Makes the AdmissionReview that the API server would send for an object.
struct ReviewBuilder {
  /// The user in whose name the review is made.
  private static let user = "gatehouse-review"
  /// The id of every review that is made here; an answer repeats it.
  private static let uid = "00000000-0000-4000-8000-000000000000"

  /// What is done with the object.
  let operation: ReviewOperation
  /// Whether nothing will be stored.
  let isDryRun: Bool

  /// The review of an object.
  ///
  /// - Parameters:
  ///   - object: as it is sent; for DELETE the object that is there.
  ///   - old: as it is stored, for UPDATE.
  func review(_ object: KubernetesObject, _ resource: Resource, old: KubernetesObject?) -> JSONValue {
    let kind: JSONValue = [
      "group": .string(resource.group), "version": .string(resource.version), "kind": .string(resource.kind),
    ]
    let plural: JSONValue = [
      "group": .string(resource.group), "version": .string(resource.version), "resource": .string(resource.plural),
    ]
    let stored = operation == .delete ? old ?? object : old
    return [
      "kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1",
      "request": [
        "uid": .string(ReviewBuilder.uid), "kind": kind, "resource": plural, "requestKind": kind,
        "requestResource": plural, "name": .string(object.name), "namespace": .string(object.namespace),
        "operation": .string(operation.rawValue), "userInfo": ["username": .string(ReviewBuilder.user)],
        "object": operation == .delete ? .null : JSONValue(object.json),
        "oldObject": stored.map { JSONValue($0.json) } ?? .null, "dryRun": .bool(isDryRun),
        "options": ["kind": .string(optionsKind), "apiVersion": "meta.k8s.io/v1"],
      ],
    ]
  }

  private var optionsKind: String {
    switch operation {
    case .create, .connect: "CreateOptions"
    case .update: "UpdateOptions"
    case .delete: "DeleteOptions"
    }
  }
}
