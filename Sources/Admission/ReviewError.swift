import JSON

/// A body that is no AdmissionReview, which is answered with HTTP 400 because there is nothing to decide.
///
/// The text names what is wrong, where it stands and what is accepted: it is read by whoever registered the webhook.
public enum ReviewError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The body is not JSON; the text says which rule is broken at which byte.
  case notJSON(String)
  /// A field is absent, of another JSON type or outside its values.
  case field(String, accepted: String, found: String)

  /// One sentence for the answer and the log.
  public var description: String {
    switch self {
    case .notJSON(let reason): "the body is no AdmissionReview: \(reason)"
    case .field(let path, let accepted, let found):
      "the body is no AdmissionReview: \(path) must be \(accepted), and is \(found)"
    }
  }

  /// Describes a field that breaks its rule; the value is cut, because it may be as long as the body.
  static func field(_ path: String, accepted: String, _ found: JSONView?) -> ReviewError {
    .field(path, accepted: accepted, found: found.map { AdmissionText.cut($0.text, to: 80) } ?? "absent")
  }
}
