internal import EventLoop

/// Why a set was not published.
struct AgentError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  enum Code: Sendable {
    /// The source is missing, empty, or holds what cannot be published.
    case source
    /// The set is larger than its limit.
    case tooLarge
    /// A template does not parse or asks for what is not there.
    case template
    /// The source changed while it was read.
    case changed
    /// A call to the system failed.
    case system
  }

  let code: Code
  let reason: String

  init(_ code: Code, _ reason: String) {
    self.code = code
    self.reason = reason
  }

  init(_ error: SystemError) {
    code = .system
    reason = error.description
  }

  var description: String { reason }

  /// Runs system calls and turns their error into one of the agent's.
  static func wrap<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws(AgentError) -> Value {
    do {
      return try body()
    } catch {
      throw AgentError(error)
    }
  }
}
