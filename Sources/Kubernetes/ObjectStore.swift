import Synchronization

/// The objects of some resources as they were last seen, with indexes: what informers fill and everything else reads.
///
/// Objects never change; a newer one replaces an older one under the same key. Reads take one short lock. Of resources that are packed
/// only the texts are kept, and each read parses: that is for what there are thousands of.
public final class ObjectStore: ClusterReader {
  /// Called for each change in order, old object and new; nil for an object that was not there or is gone.
  ///
  /// Observers run while the change is being made, so that a derived index is never behind the store: they must be quick and must not
  /// call the store.
  public typealias Observer = @Sendable (_ old: KubernetesObject?, _ new: KubernetesObject?) -> Void

  fileprivate struct State {
    var tables: [Resource: ObjectTable] = [:]
    var synced: Set<Resource> = []
    var observers: [Resource: [Observer]] = [:]
  }

  private let indexedLabels: Set<String>
  private let packed: Set<Resource>
  private let state = Mutex(State())

  /// An empty store that indexes objects by these labels besides their owners and nodes.
  ///
  /// - Parameter packed: Resources of which only the texts are kept, see ``PackedObject``.
  public init(indexedLabels: Set<String> = [], packed: Set<Resource> = []) {
    self.indexedLabels = indexedLabels.union([GameLabels.ownerSet])
    self.packed = packed
  }

  /// Adds an observer of a resource; it is told of the objects that are there already as if they were new.
  public func observe(_ resource: Resource, _ observer: @escaping Observer) {
    state.withLock { state in
      state.observers[resource, default: []].append(observer)
      guard let table = state.tables[resource] else { return }
      for kept in table.objects.values { observer(nil, kept.object) }
    }
  }

  /// Calls `publish` with the key of every object that is set or removed; like an observer it must be quick and not call the store.
  public func observeKeys(_ resource: Resource, _ publish: @escaping @Sendable (NamespacedName) -> Void) {
    observe(resource) { old, new in
      if let object = new ?? old { publish(object.key) }
    }
  }

  /// Sets an object.
  public func set(_ resource: Resource, _ object: KubernetesObject) {
    state.withLock { state in
      let old = state.tables[resource, default: emptyTable(resource)].set(object)
      state.tell(resource, old, object)
    }
  }

  /// Removes an object; nothing happens where it is not there.
  public func remove(_ resource: Resource, _ key: NamespacedName) {
    state.withLock { state in
      guard let old = state.tables[resource]?.remove(key) else { return }
      state.tell(resource, old, nil)
    }
  }

  /// Makes the store hold exactly these objects of a resource, and marks the resource as synced.
  ///
  /// Objects with an unchanged resource version are left alone and not told to observers. Nobody else may write objects of the resource
  /// meanwhile.
  public func replace(_ resource: Resource, with objects: [KubernetesObject]) { replace(resource, objects) { $0 } }

  /// Makes the store hold exactly these objects, as ``replace(_:with:)`` does, and never has more than one of them parsed.
  public func replace(_ resource: Resource, packed objects: [PackedObject]) { replace(resource, objects, \.object) }

  private func replace<Source>(_ resource: Resource, _ sources: [Source], _ object: (Source) -> KubernetesObject) {
    var gone = state.withLock { Set(($0.tables[resource] ?? emptyTable(resource)).objects.keys) }
    // One after the other, so that no review waits for more than one of them: what is seen meanwhile is for each object what it was or
    // what it is, as between two events.
    for source in sources {
      let object = object(source)
      gone.remove(object.key)
      let version = object.metadata.resourceVersion
      if !version.isEmpty, self.object(resource, object.key)?.metadata.resourceVersion == version { continue }
      set(resource, object)
    }
    for key in gone { remove(resource, key) }
    _ = state.withLock { $0.synced.insert(resource) }
  }

  /// How many objects of a resource the store holds.
  public func count(_ resource: Resource) -> Int { state.withLock { $0.tables[resource]?.objects.count ?? 0 } }

  /// The object of that name, where there is one.
  public func object(_ resource: Resource, _ key: NamespacedName) -> KubernetesObject? {
    // Parsed behind the lock, which others wait for.
    state.withLock { $0.tables[resource]?.objects[key] }?.object
  }

  /// The objects of a query, in no particular order.
  public func objects(_ resource: Resource, _ query: ObjectQuery) -> [KubernetesObject] {
    var objects: [KubernetesObject] = []
    forEach(resource, query) { objects.append($0) }
    return objects
  }

  /// Shows the objects of a query one after the other, in no particular order; of packed ones never two are parsed at once.
  public func forEach(_ resource: Resource, _ query: ObjectQuery, _ body: (KubernetesObject) -> Void) {
    let candidates = state.withLock { $0.tables[resource]?.candidates(query) ?? [] }
    for kept in candidates {
      let object = kept.object
      if case .label(let key, let value, _) = query, !object.metadata.labels.has(key, value) { continue }
      body(object)
    }
  }

  /// Whether the first complete list of the resource has arrived.
  public func hasSynced(_ resource: Resource) -> Bool { state.withLock { $0.synced.contains(resource) } }
}

extension ObjectStore {
  private func emptyTable(_ resource: Resource) -> ObjectTable {
    ObjectTable(labels: indexedLabels, isPacked: packed.contains(resource))
  }
}

extension ObjectStore.State {
  fileprivate func tell(_ resource: Resource, _ old: KubernetesObject?, _ new: KubernetesObject?) {
    for observer in observers[resource] ?? [] { observer(old, new) }
  }
}
