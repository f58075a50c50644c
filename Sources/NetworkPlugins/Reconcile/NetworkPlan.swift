public import JSON
public import Kubernetes

/// What should happen now for a pod's network; a plugin decides, a controller does it.
///
/// A plan is made anew in every pass, from what is there: whatever was not done yet, or was undone by somebody, is in the next plan again.
public struct NetworkPlan: Sendable {
  /// An object that has to go.
  public struct Removal: Sendable, Hashable {
    /// The resource of the object.
    public let resource: Resource
    /// The namespace and name.
    public let key: NamespacedName
    /// The unique id: another object of that name stays.
    public let uid: String

    /// Describes an object that has to go.
    public init(_ resource: Resource, _ object: some ObjectView) {
      self.resource = resource
      key = object.key
      uid = object.metadata.uid
    }
  }

  /// Objects to delete, before anything else.
  public var removals: [Removal] = []
  /// Objects to write, in this order.
  public var writes: [ObjectWrite] = []
  /// Changes of objects that stay as they are otherwise, before the writes.
  public var changes: [ObjectChange] = []
  /// Labels of the pod to set, or with nil to remove; those that are so already change nothing.
  public var labels: [String: String?] = [:]
  /// Annotations of the pod to set, or with nil to remove, besides the status.
  public var annotations: [String: String?] = [:]
  /// Finalizers of the pod to remove, after everything else was done.
  public var finalizersToRemove: Set<String> = []
  /// The status to show; nil leaves the one that there is.
  public var status: NetworkStatus?
  /// When to look again though nothing may change; nil where every change that matters is watched.
  public var lookAgain: Duration?
  /// Something that a user should know and that does not stop the plan.
  public var warnings: [String] = []

  /// A plan that leaves everything as it is.
  public init() {}

  /// A plan that only shows a status.
  public init(_ status: NetworkStatus?) { self.status = status }
}

/// A change of some fields of an object.
public struct ObjectChange: Sendable, Hashable {
  /// The resource of the object.
  public let resource: Resource
  /// The namespace and name.
  public let key: NamespacedName
  /// A merge patch, for this very object and no other of its name.
  public let value: JSONValue

  /// Describes a change.
  init(_ resource: Resource, _ object: some ObjectView, _ fields: JSONObject) {
    self.resource = resource
    key = object.key
    var patch = fields
    patch["metadata"] = ["uid": .string(object.metadata.uid)]
    value = .object(patch)
  }
}
