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
}

/// What a write does to the stored object.
enum WriteChange: Sendable {
  /// Takes its place.
  case replace(JSONValue)
  /// Changes it.
  case patch(ObjectPatch)
}
