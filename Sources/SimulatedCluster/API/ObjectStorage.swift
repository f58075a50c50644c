import JSON
import Kubernetes

/// The objects of the simulated cluster and their versions: what etcd is to a real one.
///
/// Knows nothing of what objects mean; one number counts all changes of all resources, as etcd's revision does.
struct ObjectStorage: Sendable {
  /// The version of the latest change.
  private(set) var version = 1
  /// The latest changes.
  private(set) var log: ObjectLog
  private var tables: [Resource: OrderedObjects] = [:]

  init(logLimit: Int = 20_000) { log = ObjectLog(limit: logLimit) }

  /// The object of that name.
  func object(_ resource: Resource, _ key: NamespacedName) -> KubernetesObject? { tables[resource]?[key] }

  /// The objects of a resource in the order of their keys.
  func objects(_ resource: Resource, namespace: String?) -> [KubernetesObject] {
    tables[resource]?.ordered(namespace: namespace) ?? []
  }

  /// The objects of a resource as they were at a version; nil where changes since then are forgotten.
  ///
  /// Takes back what the log has since then, so it costs what changed.
  func objects(_ resource: Resource, namespace: String?, at version: Int) -> [KubernetesObject]? {
    guard let changes = log.changes(after: version) else { return nil }
    var table = tables[resource] ?? OrderedObjects()
    for entry in changes.reversed() where entry.resource == resource {
      if let before = entry.before { _ = table.put(before) } else { _ = table.remove(entry.object.key) }
    }
    return table.ordered(namespace: namespace)
  }

  /// Every object of every resource that meets a condition.
  func all(where condition: (Resource, KubernetesObject) -> Bool) -> [(Resource, KubernetesObject)] {
    tables.flatMap { resource, table in table.values.filter { condition(resource, $0) }.map { (resource, $0) } }
  }

  /// Stores an object under the next version and answers it with that version in it.
  mutating func put(_ resource: Resource, _ value: JSONValue) -> KubernetesObject {
    version += 1
    let object = stamped(value)
    let before = tables[resource, default: OrderedObjects()].put(object)
    log.append(
      LogEntry(
        version: version, resource: resource, change: before == nil ? .added : .modified, object: object, before: before
      ))
    return object
  }

  /// Removes an object; the last that watches see of it carries the version of the removal.
  @discardableResult
  mutating func remove(_ resource: Resource, _ key: NamespacedName) -> KubernetesObject? {
    guard let before = tables[resource]?.remove(key) else { return nil }
    version += 1
    let last = stamped(JSONValue(before.json))
    log.append(LogEntry(version: version, resource: resource, change: .deleted, object: last, before: before))
    return last
  }

  /// Forgets the changes up to a version.
  mutating func compact(through version: Int) { log.forget(through: version) }

  private func stamped(_ value: JSONValue) -> KubernetesObject {
    var value = value
    var metadata = value["metadata"] ?? .null
    metadata["resourceVersion"] = .string(String(version))
    value["metadata"] = metadata
    return KubernetesObject(value)
  }
}
