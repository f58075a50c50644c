/// A request that the server itself refuses, before any handler sees it.
public struct HTTPError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The status of the answer.
  public let status: Status
  /// What is wrong, in words for the client.
  public let reason: String

  /// Describes a refusal.
  public init(_ status: Status, _ reason: String) {
    self.status = status
    self.reason = reason
  }

  /// The status and the reason.
  public var description: String { "\(status): \(reason)" }

  static func bad(_ reason: String) -> HTTPError { HTTPError(.badRequest, reason) }
}
