import JSON

/// The objects of one resource and the indexes over them.
struct ObjectTable {
  /// An object as the table keeps it.
  enum Kept {
    case parsed(KubernetesObject)
    case packed(PackedObject)

    /// The object; parsed anew where only its text is kept.
    var object: KubernetesObject {
      switch self {
      case .parsed(let object): object
      case .packed(let packed): packed.object
      }
    }
  }

  private enum Index: Hashable {
    case namespace(String)
    case label(String, String, namespace: String)
    case owner(String)
    case node(String)
  }

  private(set) var objects: [NamespacedName: Kept] = [:]
  private var indexes: [Index: KeySet] = [:]
  private let labels: Set<String>
  /// Nil where objects are kept parsed.
  private var packer: ObjectPacker?

  /// An empty table.
  ///
  /// - Parameters:
  ///   - labels: The labels to index.
  ///   - isPacked: Whether only the texts are kept.
  init(labels: Set<String>, isPacked: Bool) {
    self.labels = labels
    packer = isPacked ? ObjectPacker() : nil
  }

  /// Sets an object and answers the one that it replaces.
  mutating func set(_ object: KubernetesObject) -> KubernetesObject? {
    let key = object.key
    let kept = (packer?.pack(object)).map(Kept.packed) ?? .parsed(object)
    let old = objects.updateValue(kept, forKey: key)?.object
    let before = old.map(entries) ?? []
    let after = entries(object)
    // Most updates change a status, which no index looks at.
    guard before != after else { return old }
    for entry in before { unindex(entry, key) }
    for entry in after { indexes[entry, default: .none].insert(key) }
    return old
  }

  /// Removes an object and answers it.
  mutating func remove(_ key: NamespacedName) -> KubernetesObject? {
    guard let old = objects.removeValue(forKey: key)?.object else { return nil }
    for entry in entries(old) { unindex(entry, key) }
    return old
  }

  /// What may answer a query: all of it does, except where a label has no index, so that its whole namespace is here.
  func candidates(_ query: ObjectQuery) -> [Kept] {
    switch query {
    case .all(nil): Array(objects.values)
    case .all(let namespace?): members(.namespace(namespace))
    case .label(let key, let value, let namespace):
      members(labels.contains(key) ? .label(key, value, namespace: namespace) : .namespace(namespace))
    case .owner(let uid): members(.owner(uid))
    case .node(let name): members(.node(name))
    }
  }

  private func members(_ index: Index) -> [Kept] {
    var found: [Kept] = []
    indexes[index]?.forEach { key in
      if let kept = objects[key] { found.append(kept) }
    }
    return found
  }

  private mutating func unindex(_ entry: Index, _ key: NamespacedName) {
    indexes[entry]?.remove(key)
    if case .none? = indexes[entry] { indexes[entry] = nil }
  }

  private func entries(_ object: KubernetesObject) -> [Index] {
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

/// Some keys; one alone, as an owner of one object has, needs no set.
private enum KeySet {
  case none
  case one(NamespacedName)
  case several(Set<NamespacedName>)

  mutating func insert(_ key: NamespacedName) {
    switch self {
    case .none: self = .one(key)
    case .one(let only): if only != key { self = .several([only, key]) }
    case .several(var keys):
      // Taken out first: the set is changed in place only while nobody else holds it.
      self = .none
      keys.insert(key)
      self = .several(keys)
    }
  }

  mutating func remove(_ key: NamespacedName) {
    switch self {
    case .none: return
    case .one(let only): if only == key { self = .none }
    case .several(var keys):
      self = .none
      keys.remove(key)
      if !keys.isEmpty { self = .several(keys) }
    }
  }

  func forEach(_ body: (NamespacedName) -> Void) {
    switch self {
    case .none: return
    case .one(let key): body(key)
    case .several(let keys): for key in keys { body(key) }
    }
  }
}
