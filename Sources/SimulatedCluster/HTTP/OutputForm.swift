import JSON
import Kubernetes

/// In which shape a client wants objects.
enum OutputForm: Sendable, Equatable {
  /// As they are.
  case object
  /// As rows of a table with columns for people (`kubectl get`).
  case table
  /// Their metadata alone.
  case metadata

  /// Reads the field `Accept`: its entries are in the order of preference.
  ///
  /// - Throws: Where the client takes no form of JSON.
  init(accept: String) throws(KubernetesError) {
    for entry in accept.split(separator: ",") {
      let parts = entry.split(separator: ";").map { String($0.filter { $0 != " " }) }
      guard let type = parts.first, ["application/json", "application/*", "*/*"].contains(type) else { continue }
      let form = parts.dropFirst().first { $0.hasPrefix("as=") }?.dropFirst(3)
      switch form {
      case nil: self = .object
      case "Table": self = .table
      case "PartialObjectMetadata", "PartialObjectMetadataList": self = .metadata
      // A shape that this server does not know: the next entry says what else would do.
      default: continue
      }
      return
    }
    guard accept.allSatisfy({ $0 == " " }) else {
      throw KubernetesError(
        .other("NotAcceptable"), status: 406,
        message: "only the following media types are accepted: application/json")
    }
    self = .object
  }
}
