import JSON

/// The objects of one resource and the indexes over them.
struct ObjectTable {
  private enum Index: Hashable {
    case namespace(String)
    case label(String, String, namespace: String)
    case owner(String)
    case node(String)
  }

  private(set) var objects: [NamespacedName: KubernetesObject] = [:]
  private var indexes: [Index: Set<NamespacedName>] = [:]

  /// Sets an object and answers the one that it replaces.
  mutating func set(_ object: KubernetesObject, _ labels: Set<String>) -> KubernetesObject? {
    let key = object.key
    let old = objects.updateValue(object, forKey: key)
    let before = old.map { entries($0, labels) } ?? []
    let after = entries(object, labels)
    // Most updates change a status, which no index looks at.
    guard before != after else { return old }
    for entry in before { unindex(entry, key) }
    for entry in after { indexes[entry, default: []].insert(key) }
    return old
  }

  /// Removes an object and answers it.
  mutating func remove(_ key: NamespacedName, _ labels: Set<String>) -> KubernetesObject? {
    guard let old = objects.removeValue(forKey: key) else { return nil }
    for entry in entries(old, labels) { unindex(entry, key) }
    return old
  }

  /// The objects of a query; a label without an index is found by looking at every object of the namespace.
  func objects(_ query: ObjectQuery, _ labels: Set<String>) -> [KubernetesObject] {
    switch query {
    case .all(nil): Array(objects.values)
    case .all(let namespace?): objects(in: .namespace(namespace))
    case .label(let key, let value, let namespace):
      labels.contains(key)
        ? objects(in: .label(key, value, namespace: namespace))
        : objects(in: .namespace(namespace)).filter { $0.metadata.labels.has(key, value) }
    case .owner(let uid): objects(in: .owner(uid))
    case .node(let name): objects(in: .node(name))
    }
  }

  private func objects(in index: Index) -> [KubernetesObject] { indexes[index]?.compactMap { objects[$0] } ?? [] }

  private mutating func unindex(_ entry: Index, _ key: NamespacedName) {
    indexes[entry]?.remove(key)
    if indexes[entry]?.isEmpty == true { indexes[entry] = nil }
  }

  private func entries(_ object: KubernetesObject, _ labels: Set<String>) -> [Index] {
    let metadata = object.metadata
    let namespace = metadata.namespace
    var entries = [Index.namespace(namespace)]
    for label in labels {
      if let value = metadata.labels[label] { entries.append(.label(label, value, namespace: namespace)) }
    }
    for owner in metadata.ownerReferences { entries.append(.owner(owner.uid)) }
    if let node = object.json["spec"]?["nodeName"]?.string, !node.isEmpty { entries.append(.node(node)) }
    return entries
  }
}
