import JSON
import Kubernetes

/// Who writes, and how.
struct WriteOptions: Sendable {
  /// The name under which changed fields are recorded.
  var fieldManager = "simulation"
  /// Whether the write is only checked.
  var isDryRun = false
  /// Who asks, for admission.
  var user = "system:admin"
  /// Whether admission has been asked already, in another form.
  var isAdmitted = false
  /// Whether the object's owners of fields are recorded already, by an apply.
  var isApplied = false
  /// What admission says beside its decision.
  var notes = AdmissionNotes()

  /// The options as admission reviews show them.
  func value(_ kind: String) -> JSONValue {
    var value: JSONValue = ["kind": .string(kind), "apiVersion": "meta.k8s.io/v1"]
    if isDryRun { value["dryRun"] = ["All"] }
    if kind != "DeleteOptions" { value["fieldManager"] = .string(fieldManager) }
    return value
  }
}

/// What a write does to the stored object.
enum WriteChange: Sendable {
  /// Takes its place.
  case replace(JSONValue)
  /// Changes it.
  case patch(ObjectPatch)

  /// The kind of the options that come with it.
  var optionsKind: String {
    if case .replace = self { "UpdateOptions" } else { "PatchOptions" }
  }
}
