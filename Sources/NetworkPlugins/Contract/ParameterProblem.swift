/// What is wrong with one parameter of a network.
public struct ParameterProblem: Sendable, Hashable, CustomStringConvertible {
  /// The parameter's name.
  public let parameter: String
  /// The value as it was given; empty where the parameter is missing.
  public let value: String
  /// What is wrong with it and what is accepted.
  public let message: String
  /// Whether the network still works, so that the user is told and not refused.
  public let isWarning: Bool

  /// Describes a problem.
  public init(parameter: String, value: String, message: String, isWarning: Bool = false) {
    self.parameter = parameter
    self.value = value
    self.message = message
    self.isWarning = isWarning
  }

  /// One sentence with the parameter and the message.
  public var description: String { "network parameter \(parameter): \(message)" }
}
