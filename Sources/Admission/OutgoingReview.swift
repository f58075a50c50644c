public import JSON

/// A review as the API server would send it, for commands and tests that ask in its place.
public struct OutgoingReview: Sendable {
  /// The version to speak.
  public var version = ReviewVersion.v1
  /// The id that the answer repeats.
  public var uid = "00000000-0000-4000-8000-000000000000"
  /// What is done.
  public var operation = AdmissionOperation.create
  /// The API group of the object; empty for the core group.
  public var group: String
  /// The API version of the object, without the group.
  public var apiVersion: String
  /// The plural name of the object's resource.
  public var plural: String
  /// The object as it would be stored.
  public var object: JSONValue?
  /// The object as it is stored.
  public var oldObject: JSONValue?
  /// Whether nothing will be stored.
  public var isDryRun = false
  /// Who asks.
  public var user = "kubernetes-admin"

  /// A CREATE review of an object.
  public init(_ object: JSONValue?, group: String, apiVersion: String, plural: String) {
    self.object = object
    self.group = group
    self.apiVersion = apiVersion
    self.plural = plural
  }

  /// The review as JSON; name, namespace and kind are the object's own.
  public var value: JSONValue {
    let subject = object ?? oldObject ?? .null
    let kind: JSONValue = ["group": .string(group), "version": .string(apiVersion), "kind": subject["kind"] ?? ""]
    let resource: JSONValue = ["group": .string(group), "version": .string(apiVersion), "resource": .string(plural)]
    let request: JSONValue = [
      "uid": .string(uid), "kind": kind, "resource": resource, "requestKind": kind, "requestResource": resource,
      "name": subject["metadata"]?["name"] ?? "", "namespace": subject["metadata"]?["namespace"] ?? "",
      "operation": .string(operation.rawValue), "userInfo": ["username": .string(user)],
      "object": object ?? .null, "oldObject": oldObject ?? .null, "dryRun": .bool(isDryRun),
      "options": ["kind": .string(optionsKind), "apiVersion": "meta.k8s.io/v1"],
    ]
    return ["kind": "AdmissionReview", "apiVersion": .string(version.rawValue), "request": request]
  }

  private var optionsKind: String {
    switch operation {
    case .create, .connect: "CreateOptions"
    case .update: "UpdateOptions"
    case .delete: "DeleteOptions"
    }
  }
}
