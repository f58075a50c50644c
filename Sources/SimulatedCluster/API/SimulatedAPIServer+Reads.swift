import JSON
import Kubernetes
import Synchronization

/// Which objects a list or a watch selects.
struct ObjectSelection: Sendable {
  var namespace: String?
  var labels = LabelSelector()
  /// Exact values by field path, such as `metadata.name` or `spec.nodeName`.
  var fields: [(path: [String], value: String, isEqual: Bool)] = []

  func matches(_ object: KubernetesObject) -> Bool {
    if let namespace, object.namespace != namespace { return false }
    guard labels.requirements.isEmpty || labels.matches(object.metadata.labels) else { return false }
    return fields.allSatisfy { field in
      var view: JSONView? = object.json
      for step in field.path { view = view?[step] }
      return ((view?.string ?? "") == field.value) == field.isEqual
    }
  }

  /// Reads the text forms of the two selectors.
  init(namespace: String?, labelSelector: String, fieldSelector: String) throws(KubernetesError) {
    self.namespace = namespace
    do throws(LabelSelector.Problem) {
      labels = try LabelSelector(query: labelSelector)
    } catch {
      throw APIFailure.badRequest("unable to parse requirement: \(error)")
    }
    for part in fieldSelector.split(separator: ",") {
      let isEqual = !part.contains("!=")
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else { throw APIFailure.badRequest("invalid selector: '\(part)'; can't understand it") }
      let path = sides[0].drop { $0 == "!" }.trimmingSuffix("!")
      let value = sides[1].first == "=" ? sides[1].dropFirst() : sides[1]
      fields.append((path.split(separator: ".").map(String.init), String(value), isEqual))
    }
  }
}

extension Substring {
  fileprivate func trimmingSuffix(_ suffix: String) -> Substring { hasSuffix(suffix) ? dropLast(suffix.count) : self }
}

extension SimulatedAPIServer {
  /// A page of a list.
  struct Page: Sendable {
    let objects: [KubernetesObject]
    let version: Int
    /// Where the next page begins; nil on the last one.
    let next: NamespacedName?
    let remaining: Int
  }

  /// The object of that name.
  func get(_ resource: Resource, _ key: NamespacedName) throws(KubernetesError) -> KubernetesObject {
    try fail("get", resource, key)
    guard let object = try lookUp(resource, key).1 else { throw APIFailure.notFound(resource, key.name) }
    return object
  }

  /// The objects of a selection in the order of their keys, as many as the request asks for.
  func list(
    _ resource: Resource, _ selection: ObjectSelection, _ request: ListRequest = ListRequest()
  ) throws(KubernetesError) -> Page {
    try fail("list", resource, NamespacedName(selection.namespace ?? "", ""))
    let definition = try lookUp(resource, NamespacedName("", "")).0
    let (all, version) = try objects(definition.resource, selection.namespace, request)
    let selected = all.filter { object in
      selection.matches(object) && (request.start.map { $0 <= object.key } ?? true)
    }
    guard request.limit > 0, selected.count > request.limit else {
      return Page(objects: selected, version: version, next: nil, remaining: 0)
    }
    return Page(
      objects: Array(selected.prefix(request.limit)), version: version, next: selected[request.limit].key,
      remaining: selected.count - request.limit)
  }

  private func objects(
    _ resource: Resource, _ namespace: String?, _ request: ListRequest
  ) throws(KubernetesError) -> (objects: [KubernetesObject], version: Int) {
    let (current, found, version) = state.withLock { state -> (Int, [KubernetesObject]?, Int) in
      let storage = state.storage
      guard case .exactly(let version) = request.age, version < storage.version else {
        return (storage.version, storage.objects(resource, namespace: namespace), storage.version)
      }
      return (storage.version, storage.objects(resource, namespace: namespace, at: version), version)
    }
    switch request.age {
    case .any: break
    case .notOlderThan(let wanted), .exactly(let wanted):
      guard wanted <= current else { throw APIFailure.tooLarge(wanted, current: current) }
    }
    guard let found else { throw request.start == nil ? APIFailure.listTooOld : APIFailure.tokenTooOld }
    return (found, version)
  }

  /// One event of a watch.
  struct WatchEvent: Sendable {
    let change: LogEntry.Change
    let object: KubernetesObject
    let version: Int
  }

  /// The events of a selection among the next changes after a version, and the version that they reach; nil where the log does not go
  /// back that far.
  func events(
    _ resource: Resource, _ selection: ObjectSelection, after version: Int, limit: Int = .max
  ) -> (events: [WatchEvent], version: Int)? {
    state.withLock { state in
      guard let entries = state.storage.log.changes(after: version)?.prefix(limit) else { return nil }
      let events = entries.compactMap { entry -> WatchEvent? in
        guard entry.resource.isSameKind(as: resource) else { return nil }
        let isIn = entry.change != .deleted && selection.matches(entry.object)
        let wasIn = entry.before.map(selection.matches) ?? false
        switch (wasIn, isIn) {
        case (false, true): return WatchEvent(change: .added, object: entry.object, version: entry.version)
        case (true, true): return WatchEvent(change: .modified, object: entry.object, version: entry.version)
        case (true, false): return WatchEvent(change: .deleted, object: entry.object, version: entry.version)
        case (false, false): return nil
        }
      }
      return (events, max(version, entries.last?.version ?? version))
    }
  }
}
