import Kubernetes

/// What a list asks for beyond its selection.
struct ListRequest: Sendable {
  /// How old the answer may be.
  enum Age: Sendable, Equatable {
    case any
    case notOlderThan(Int)
    case exactly(Int)
  }

  var age = Age.any
  /// The most objects of a page; 0 for all.
  var limit = 0
  /// Where the page begins.
  var start: NamespacedName?
}

extension APIFailure {
  /// A version that the server has not reached.
  static func tooLarge(_ version: Int, current: Int) -> KubernetesError {
    KubernetesError(
      .timeout, status: 504, message: "Timeout: Too large resource version: \(version), current: \(current)",
      retryAfter: .seconds(1),
      details: StatusDetails(
        name: "", group: "", kind: "",
        causes: [
          StatusDetails.Cause(reason: "ResourceVersionTooLarge", message: "Too large resource version", field: "")
        ]))
  }

  /// A version whose changes the server has forgotten.
  static func expired(_ message: String) -> KubernetesError { KubernetesError(.expired, status: 410, message: message) }

  /// A watch from a forgotten version.
  static func tooOld(_ version: Int, oldest: Int) -> KubernetesError {
    expired("too old resource version: \(version) (\(oldest))")
  }

  /// A page of a forgotten version.
  static let tokenTooOld = expired(
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
      + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
      + "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
      + "returned and now may show up in the list.")

  /// A list of a forgotten version.
  static let listTooOld = expired("The resourceVersion for the provided list is too old.")
}
