/// A value of the trigger metadata that cannot be used.
public struct TriggerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The metadata key.
  public let key: String
  /// Its value.
  public let value: String
  /// What would be accepted.
  public let expected: String

  init(_ key: String, _ value: String, _ expected: String) {
    self.key = key
    self.value = value
    self.expected = expected
  }

  /// The key, the value and what would be accepted, in one sentence.
  public var description: String {
    // A value is quoted at most in part: it goes into a header field.
    "\(key): \"\(value.prefix(80))\" is not accepted; expected \(expected)"
  }
}
