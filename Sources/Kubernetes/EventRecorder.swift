/// Which object an event is about.
public struct ObjectReference: Sendable, Hashable {
  /// The resource of the object.
  public let resource: Resource
  /// The namespace and name.
  public let key: NamespacedName
  /// The unique id; empty where it is not known.
  public let uid: String

  /// Refers to an object.
  public init(_ resource: Resource, _ key: NamespacedName, uid: String) {
    self.resource = resource
    self.key = key
    self.uid = uid
  }

  /// Refers to an object.
  public init(_ resource: Resource, _ object: some ObjectView) {
    self.init(resource, object.key, uid: object.metadata.uid)
  }
}

/// Something that happened to an object, for the people who look after it.
public struct ClusterEvent: Sendable, Hashable {
  /// Whether somebody should look.
  public enum Kind: String, Sendable {
    case normal = "Normal"
    case warning = "Warning"
  }

  /// Whether somebody should look.
  public let kind: Kind
  /// One word for machines.
  public let reason: String
  /// A sentence for people.
  public let message: String

  /// Describes what happened.
  public init(_ kind: Kind, _ reason: String, _ message: String) {
    self.kind = kind
    self.reason = reason
    self.message = message
  }
}

/// Writes events, sometime soon and at most as often as the API server should bear; losing one is no failure.
public protocol EventRecorder: Sendable {
  /// Records what happened to an object.
  func record(_ event: ClusterEvent, on object: ObjectReference)
}
