import JSON
import Kubernetes

/// The rules that every object of the API follows, whatever it means: names, versions, generations, deletion.
///
/// Pure: takes what is stored and what is asked for, and answers what to store. Admission and storing are the caller's.
struct ObjectSemantics: Sendable {
  let definition: ResourceDefinition
  let now: Timestamp

  private var resource: Resource { definition.resource }

  /// An object to create as admission sees it: of the right kind and namespace.
  func draft(_ value: JSONValue, namespace: String) throws(KubernetesError) -> JSONValue {
    try checkKind(value)
    var value = value
    var metadata = value["metadata"] ?? .null
    guard metadata.object != nil || metadata.isNull else {
      throw APIFailure.badRequest("the metadata of the object is no object")
    }
    try checkNamespace(metadata, namespace)
    guard metadata["resourceVersion"]?.string ?? "" == "" else {
      throw APIFailure.badRequest("resourceVersion should not be set on objects to be created")
    }
    metadata["namespace"] = resource.isNamespaced ? .string(namespace) : nil
    value["metadata"] = metadata
    return value
  }

  /// An object to create, complete with what the server gives it.
  func create(_ value: JSONValue, namespace: String, newUID: String, nameSuffix: String) throws(KubernetesError)
    -> JSONValue
  {
    var value = value
    var metadata = value["metadata"] ?? .null
    var name = metadata["name"]?.string ?? ""
    if name.isEmpty, let prefix = metadata["generateName"]?.string, !prefix.isEmpty {
      // A generated name has at most 63 characters, five of them at random.
      name = String(prefix.prefix(58)) + nameSuffix
      metadata["name"] = .string(name)
    }
    guard !name.isEmpty else {
      throw APIFailure.invalid(resource, "", [.required("metadata.name", "name or generateName is required")])
    }
    metadata["uid"] = .string(newUID)
    metadata["creationTimestamp"] = .string(now.description)
    for field in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "resourceVersion"] {
      metadata[field] = nil
    }
    metadata["generation"] = definition.countsGenerations ? 1 : nil
    value["metadata"] = metadata
    // Gone when it is stored; a default of the schema is back whenever the object is read.
    if definition.hasStatus { value["status"] = definition.schema?["properties"]?["status"]?["default"] }
    return value
  }

  /// An object to store in place of another; nil where nothing changes, and then no version is used up.
  ///
  /// - Parameter old: The stored object as a value.
  func update(
    _ value: JSONValue, over stored: KubernetesObject, _ old: JSONValue, subresource: String?
  ) throws(KubernetesError) -> JSONValue? {
    try checkKind(value)
    try checkVersion(value, stored)
    var new = value
    new["metadata"] = value["metadata"] ?? .null
    switch subresource {
    case "status":
      new = old
      new["status"] = value["status"]
      // Labels and annotations of built-in kinds may change along with a status; custom resources keep theirs.
      if !definition.isCustom { new["metadata"] = keepingServerFields(value["metadata"], old["metadata"]) }
    default:
      if definition.hasStatus { new["status"] = old["status"] }
      new["metadata"] = keepingServerFields(value["metadata"], old["metadata"])
    }
    guard withoutManagers(new) != withoutManagers(old) else { return nil }
    if definition.countsGenerations, subresource == nil, specification(new) != specification(old) {
      new["metadata"]?["generation"] = .int((old["metadata"]?["generation"]?.int ?? 0) + 1)
    }
    return new
  }

  /// Whether an object that waits for its finalizers may go now.
  static func mayGo(_ value: JSONValue) -> Bool {
    let metadata = value["metadata"]
    let isWaiting = metadata?["deletionTimestamp"]?.string != nil
    // A namespace is held by what is in it too, and says so in its specification.
    if value["kind"]?.string == Resource.namespaces.kind, value["spec"]?["finalizers"]?.array?.isEmpty == false {
      return false
    }
    return isWaiting && (metadata?["finalizers"]?.array ?? []).isEmpty
      && (metadata?["deletionGracePeriodSeconds"]?.int ?? 0) == 0
  }

  /// What becomes of an object whose deletion is asked for.
  enum Deletion: Sendable {
    /// It goes now.
    case remove
    /// It stays for its finalizers or its grace period, marked like this.
    case mark(JSONValue)
    /// It is marked already, and nothing changes.
    case pending
  }

  /// Decides a deletion.
  ///
  /// - Parameter grace: Seconds that the object may take; only pods on a node have any.
  func delete(_ stored: KubernetesObject, _ options: DeleteOptions, grace: Int) throws(KubernetesError) -> Deletion {
    if let uid = options.uid, uid != stored.metadata.uid {
      throw APIFailure.wrongUID(resource, stored.name, expected: uid, found: stored.metadata.uid)
    }
    if let version = options.resourceVersion, version != stored.metadata.resourceVersion {
      throw APIFailure.modified(resource, stored.name)
    }
    var value = JSONValue(stored.json)
    if resource == .namespaces, value["spec"]?["finalizers"]?.array?.isEmpty == false { return end(value) }
    var metadata = value["metadata"] ?? .null
    var finalizers = stored.metadata.finalizers.filter { $0 != "orphan" && $0 != "foregroundDeletion" }
    switch options.propagation {
    case .foreground: finalizers.append("foregroundDeletion")
    case .orphan: finalizers.append("orphan")
    case .background: break
    case nil: finalizers = stored.metadata.finalizers
    }
    guard !finalizers.isEmpty || grace > 0 else { return .remove }
    if stored.metadata.isBeingDeleted {
      let oldGrace = metadata["deletionGracePeriodSeconds"]?.int ?? 0
      guard grace < oldGrace || finalizers != stored.metadata.finalizers else { return .pending }
    }
    let seconds = min(grace, metadata["deletionGracePeriodSeconds"]?.int ?? grace)
    metadata["finalizers"] = finalizers.isEmpty ? nil : .array(finalizers.map(JSONValue.string))
    metadata["deletionTimestamp"] = .string((now + .seconds(seconds)).description)
    metadata["deletionGracePeriodSeconds"] = .int(seconds)
    if definition.countsGenerations, !stored.metadata.isBeingDeleted {
      metadata["generation"] = .int(stored.metadata.generation + 1)
    }
    value["metadata"] = metadata
    return .mark(value)
  }

  /// A namespace that ends: it stays until it is empty.
  private func end(_ namespace: JSONValue) -> Deletion {
    var value = namespace
    guard value["metadata"]?["deletionTimestamp"] == nil else { return .pending }
    value["metadata"]?["deletionTimestamp"] = .string(now.description)
    var status = value["status"] ?? .null
    status["phase"] = "Terminating"
    value["status"] = status
    return .mark(value)
  }

  /// Refuses an object of another kind.
  func checkKind(_ value: JSONValue) throws(KubernetesError) {
    let (version, kind) = (value["apiVersion"]?.string ?? "", value["kind"]?.string ?? "")
    guard version == resource.apiVersion, kind == resource.kind else {
      throw APIFailure.badRequest(
        "the object provided is \(version) \(kind), not the expected \(resource.apiVersion) \(resource.kind)")
    }
  }

  private func checkNamespace(_ metadata: JSONValue, _ namespace: String) throws(KubernetesError) {
    let given = metadata["namespace"]?.string ?? ""
    guard given.isEmpty || given == namespace || !resource.isNamespaced else {
      throw APIFailure.badRequest(
        "the namespace of the provided object does not match the namespace sent on the request")
    }
  }

  private func checkVersion(_ value: JSONValue, _ stored: KubernetesObject) throws(KubernetesError) {
    let version = value["metadata"]?["resourceVersion"]?.string ?? ""
    guard version.isEmpty || version == stored.metadata.resourceVersion else {
      throw APIFailure.modified(resource, stored.name)
    }
    let uid = value["metadata"]?["uid"]?.string ?? ""
    guard uid.isEmpty || uid == stored.metadata.uid else {
      throw APIFailure.wrongUID(resource, stored.name, expected: uid, found: stored.metadata.uid)
    }
  }

  /// New metadata with the fields that only the server sets taken from the old.
  private func keepingServerFields(_ new: JSONValue?, _ old: JSONValue?) -> JSONValue {
    var metadata = new ?? .null
    let fields = [
      "name", "namespace", "uid", "creationTimestamp", "generation", "resourceVersion", "deletionTimestamp",
      "deletionGracePeriodSeconds", "generateName",
    ]
    for field in fields { metadata[field] = old?[field] }
    return metadata
  }

  private func specification(_ value: JSONValue) -> JSONValue {
    var value = value
    for field in ["metadata", "status"] { value[field] = nil }
    return value
  }

  private func withoutManagers(_ value: JSONValue) -> JSONValue {
    var value = value
    if value["metadata"] != nil { value["metadata"]?["managedFields"] = nil }
    return value
  }
}
