public import JSON

/// The changes that admission makes to a pod, in the pod's own words.
///
/// Several steps edit one pod after another; each sees what the ones before it did. The result is a patch that touches nothing else.
public struct PodEditor: Sendable {
  /// A list of containers of a pod.
  public enum ContainerList: String, Sendable, CaseIterable {
    case containers
    case initContainers
  }

  /// The pod as it was received.
  public let pod: Pod
  /// Everything but the two maps; these too where the pod has none.
  private var editor: JSONEditor
  private var labels: MapEdits?
  private var annotations: MapEdits?
  /// Whether the specification was changed before the two maps.
  private var mapsFollow = false

  /// An editor without changes.
  public init(_ pod: Pod) {
    self.pod = pod
    editor = JSONEditor(pod.json)
    let metadata = pod.json["metadata"]
    labels = MapEdits(.labels, of: metadata)
    annotations = MapEdits(.annotations, of: metadata)
  }

  /// The operations that turn the pod as it was into the pod as it is now: first what was changed first, labels before annotations.
  public var patch: JSONPatch {
    var operations: [JSONPatch.Operation] = []
    operations.reserveCapacity((labels?.count ?? 0) + (annotations?.count ?? 0) + 4)
    if mapsFollow { editor.emit(into: &operations) }
    labels?.emit(into: &operations)
    annotations?.emit(into: &operations)
    if !mapsFollow { editor.emit(into: &operations) }
    return JSONPatch(operations)
  }

  /// The whole pod with the changes applied.
  public var result: JSONValue {
    var result = editor.result
    labels?.apply(to: &result)
    annotations?.apply(to: &result)
    return result
  }

  /// Whether nothing but labels and annotations was changed.
  public var hasReceivedSpec: Bool { !editor.hasChanges(at: "spec") }

  /// The value of a label with the changes applied.
  public func label(_ key: String) -> String? {
    labels.map { $0[key] } ?? editor.string(at: ["metadata", "labels", key])
  }

  /// The value of an annotation with the changes applied.
  public func annotation(_ key: String) -> String? {
    annotations.map { $0[key] } ?? editor.string(at: ["metadata", "annotations", key])
  }

  /// Sets a label.
  public mutating func setLabel(_ key: String, _ value: String) {
    if labels != nil {
      beginMaps()
      labels?.set(key, value)
      return
    }
    editor.set(["metadata", "labels", key], .string(value))
  }

  /// Sets an annotation.
  public mutating func setAnnotation(_ key: String, _ value: String) {
    if annotations != nil {
      beginMaps()
      annotations?.set(key, value)
      return
    }
    editor.set(["metadata", "annotations", key], .string(value))
  }

  /// Removes an annotation, where it is there.
  public mutating func removeAnnotation(_ key: String) {
    if annotations != nil {
      beginMaps()
      annotations?.set(key, nil)
      return
    }
    editor.remove(["metadata", "annotations", key])
  }

  /// Notes what was changed before the first change of a map.
  private mutating func beginMaps() {
    if (labels?.count ?? 0) + (annotations?.count ?? 0) == 0 { mapsFollow = !hasReceivedSpec }
  }

  /// Adds a finalizer, where it is not there yet.
  public mutating func addFinalizer(_ name: String) {
    let path = ["metadata", "finalizers"]
    guard editor.value(at: path)?.array?.contains(.string(name)) != true else { return }
    editor.append(path, .string(name))
  }

  /// The field of the specification with the changes applied.
  public func spec(_ field: String) -> JSONValue? { editor.value(at: ["spec", field]) }
  /// Sets a field of the specification.
  public mutating func setSpec(_ field: String, _ value: JSONValue) { editor.set(["spec", field], value) }
  /// Appends to a list of the specification, such as `volumes` or `readinessGates`.
  public mutating func appendToSpec(_ list: String, _ value: JSONValue) { editor.append(["spec", list], value) }

  /// The field of a container, found by its position in the pod as it was received.
  public func container(_ list: ContainerList, _ position: Int, _ field: String...) -> JSONValue? {
    editor.value(at: ["spec", list.rawValue, String(position)] + field)
  }

  /// Sets the field of a container.
  public mutating func setContainer(_ list: ContainerList, _ position: Int, _ field: [String], _ value: JSONValue) {
    editor.set(["spec", list.rawValue, String(position)] + field, value)
  }

  /// Appends to a list of a container, such as `ports`, `env` or `volumeMounts`.
  public mutating func appendToContainer(_ list: ContainerList, _ position: Int, _ field: String, _ value: JSONValue) {
    editor.append(["spec", list.rawValue, String(position), field], value)
  }

  /// Adds a container behind the others.
  public mutating func addContainer(_ list: ContainerList, _ container: JSONValue) {
    editor.append(["spec", list.rawValue], container)
  }

  /// Adds a container before the others; positions go on counting without it.
  public mutating func addContainerFirst(_ list: ContainerList, _ container: JSONValue) {
    editor.prepend(["spec", list.rawValue], container)
  }
}
