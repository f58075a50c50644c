/// What a Kubernetes `Status` says beyond its reason: which object, and which of its fields.
public struct StatusDetails: Sendable, Equatable {
  /// One thing that is wrong with the object.
  public struct Cause: Sendable, Equatable {
    /// A word, such as `FieldValueInvalid`.
    public let reason: String
    /// A sentence.
    public let message: String
    /// The field's path, such as `spec.replicas`; empty where it is about no field.
    public let field: String

    /// Describes a cause.
    public init(reason: String, message: String, field: String) {
      self.reason = reason
      self.message = message
      self.field = field
    }
  }

  /// The object's name.
  public let name: String
  /// The object's API group.
  public let group: String
  /// The object's kind, or the plural name of its resource.
  public let kind: String
  /// What is wrong.
  public let causes: [Cause]

  /// Describes the object of a failure.
  public init(name: String, group: String, kind: String, causes: [Cause] = []) {
    self.name = name
    self.group = group
    self.kind = kind
    self.causes = causes
  }
}
