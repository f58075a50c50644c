/// Why the API server, or the way to it, did not do what was asked.
///
/// Carries what a Kubernetes `Status` object says, so that callers decide by ``code`` and users read ``message``.
public struct KubernetesError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is; the names are the reasons of Kubernetes' `metav1.StatusReason`.
  public enum Code: Sendable, Equatable {
    case badRequest, unauthorized, forbidden, notFound, alreadyExists, conflict, gone, expired, invalid
    case tooManyRequests, serverTimeout, timeout, internalError, serviceUnavailable, methodNotAllowed
    case unsupportedMediaType, requestEntityTooLarge
    /// The connection failed before an answer came.
    case unreachable
    /// The answer was no well-formed object.
    case malformedAnswer
    /// This process may not write any more, because it no longer leads.
    case notLeader
    /// Any other reason, with the text that the server gave.
    case other(String)
  }

  /// What kind of failure it is.
  public let code: Code
  /// The HTTP status; 0 where there was no answer.
  public let status: Int
  /// What the server, or the transport, says.
  public let message: String
  /// How long the server asks to wait before another try.
  public let retryAfter: Duration?
  /// The object and the fields that the failure is about, where the server names them.
  public let details: StatusDetails?

  /// Describes a failure.
  public init(
    _ code: Code, status: Int = 0, message: String, retryAfter: Duration? = nil, details: StatusDetails? = nil
  ) {
    self.code = code
    self.status = status
    self.message = message
    self.retryAfter = retryAfter
    self.details = details
  }

  /// The message, with the HTTP status where there is one.
  public var description: String { status == 0 ? message : "\(message) (HTTP \(status))" }

  /// Whether the same call may succeed later without any change.
  public var isTransient: Bool {
    switch code {
    case .tooManyRequests, .serverTimeout, .timeout, .internalError, .serviceUnavailable, .unreachable: true
    default: false
    }
  }
}
