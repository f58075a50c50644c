public import JSON

/// What becomes of an operation.
public enum AdmissionDecision: Sendable {
  /// It goes on as it is; the message is for the audit log and for people who read the answer.
  case allowed(message: String? = nil)
  /// It is refused, and the user reads why.
  case denied(Refusal)
  /// It goes on with these changes to the object; an empty patch is the same as ``allowed(message:)``.
  case patched(JSONPatch)
}

/// Why an operation is refused, in the words that the user reads behind `denied the request:`.
public struct Refusal: Error, Sendable, Equatable {
  /// The reasons of a Kubernetes `Status`, each with its HTTP status.
  public enum Reason: String, Sendable {
    /// What was asked is understood and not allowed.
    case forbidden = "Forbidden"
    /// The object is not what the API says it is.
    case badRequest = "BadRequest"
    /// A field has a value that cannot be stored.
    case invalid = "Invalid"
    /// The same operation may be allowed later; `kubectl drain` then tries again.
    case tooManyRequests = "TooManyRequests"

    /// The status code that goes with the reason.
    public var code: Int {
      switch self {
      case .forbidden: 403
      case .badRequest: 400
      case .invalid: 422
      case .tooManyRequests: 429
      }
    }
  }

  /// The kind of refusal.
  public let reason: Reason
  /// Names the field, its value and what is accepted.
  public let message: String

  /// Refuses.
  public init(_ message: String, _ reason: Reason = .forbidden) {
    self.reason = reason
    self.message = message
  }
}

/// Why a mutator or validator did not go on to its end.
public enum ReviewFailure: Error, Sendable, Equatable {
  /// The operation is refused.
  case refused(Refusal)
  /// Nothing can be decided now, for this reason: the answer is HTTP 503 with `Retry-After`, which the API server tries again.
  case unavailable(String)

  /// Refuses with code 403.
  public static func refused(_ message: String) -> ReviewFailure { .refused(Refusal(message)) }
}
