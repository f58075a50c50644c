/// Why a plugin refused.
public struct PluginError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of failure it is; the raw values are the reasons that events carry.
  public enum Code: String, Sendable {
    /// A user's parameter is wrong.
    case parameter = "parameterError"
    /// The plugin failed, or ran out of what it gives.
    case `internal` = "internalError"
    /// A call to the API server failed.
    case apiCall = "apiCallError"
    /// The same may succeed later.
    case retry = "retryError"
  }

  /// What kind of failure it is.
  public let code: Code
  /// What is wrong, with the value and what is accepted.
  public let message: String
  /// The parameter that is to blame; nil where none is.
  public let parameter: String?

  /// What is wrong with the parameter; nil where it is none of a plugin's own.
  public let problem: ParameterProblem?

  /// Describes a failure.
  public init(_ code: Code, _ message: String, parameter: String? = nil) {
    self.code = code
    self.message = message
    self.parameter = parameter
    problem = nil
  }

  /// A refusal because of a parameter.
  public init(_ problem: ParameterProblem) {
    code = .parameter
    message = problem.description
    parameter = problem.parameter
    self.problem = problem
  }

  /// The message.
  public var description: String { message }
}
