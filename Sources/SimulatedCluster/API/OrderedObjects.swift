import Kubernetes

/// The objects of one resource, by key and in the order of keys.
///
/// The order is kept with every change: finding a place costs a binary search, and moving up 10,000 keys less than parsing one object.
struct OrderedObjects: Sendable {
  private var objects: [NamespacedName: KubernetesObject] = [:]
  private var keys: [NamespacedName] = []

  var count: Int { objects.count }
  var values: Dictionary<NamespacedName, KubernetesObject>.Values { objects.values }

  subscript(key: NamespacedName) -> KubernetesObject? { objects[key] }

  /// Stores an object and answers the one whose place it took.
  mutating func put(_ object: KubernetesObject) -> KubernetesObject? {
    let key = object.key
    let old = objects.updateValue(object, forKey: key)
    if old == nil { keys.insert(key, at: place(of: key)) }
    return old
  }

  mutating func remove(_ key: NamespacedName) -> KubernetesObject? {
    guard let old = objects.removeValue(forKey: key) else { return nil }
    keys.remove(at: place(of: key))
    return old
  }

  /// The objects in order, those of one namespace or all.
  func ordered(namespace: String?) -> [KubernetesObject] {
    guard let namespace else { return keys.compactMap { objects[$0] } }
    var found: [KubernetesObject] = []
    for key in keys[place(of: NamespacedName(namespace, ""))...] {
      guard key.namespace == namespace else { break }
      if let object = objects[key] { found.append(object) }
    }
    return found
  }

  /// The first position whose key is not before the given one.
  private func place(of key: NamespacedName) -> Int {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
