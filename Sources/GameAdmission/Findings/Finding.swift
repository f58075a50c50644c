/// Something that is wrong with an object, doubtful or worth knowing; what validation denies and warns of, and what `lint` prints.
public struct Finding: Sendable, Hashable, CustomStringConvertible {
  /// How bad it is.
  public enum Severity: String, Sendable, CaseIterable {
    /// It cannot work; validation denies.
    case error
    /// It works, but hardly as meant; validation warns.
    case warning
    /// It could be better; only `lint` says so.
    case advice
  }

  /// The name of the rule, for people who want to look it up or to silence it.
  public let rule: String
  /// Where in the object, such as `spec.network.networkType`.
  public let fieldPath: String
  /// The value that stands there as JSON, cut where it is long; empty where there is none.
  public let value: String
  /// One sentence that names the field, the value and what is accepted.
  public let message: String
  /// How bad it is.
  public let severity: Severity

  /// Describes something that was found.
  public init(rule: String, fieldPath: String, value: String, message: String, severity: Severity) {
    self.rule = rule
    self.fieldPath = fieldPath
    self.value = value
    self.message = message
    self.severity = severity
  }

  /// The message.
  public var description: String { message }
}

/// How strict validation is.
public enum ValidationMode: String, Sendable, CaseIterable {
  /// Every rule denies.
  case strict
  /// Rules that OpenKruiseGame does not enforce only warn, for taking over a cluster with old objects.
  case warn
}
