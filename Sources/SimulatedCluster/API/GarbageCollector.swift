import JSON
public import Kubernetes
import Synchronization

/// Removes what belongs to nobody any more: objects whose owners are gone, and those that wait for their dependents in a foreground deletion.
///
/// Follows the changes of the cluster, so that a pass costs what changed and not what there is.
public final class GarbageCollector: SimulatedController {
  /// The name in logs.
  public let name = "garbage-collector"
  private let server: SimulatedAPIServer
  private let client: InProcessClient
  private let state = Mutex(OwnershipGraph())

  /// A collector of a cluster's objects.
  public init(_ server: SimulatedAPIServer) {
    self.server = server
    client = InProcessClient(server, fieldManager: "garbage-collector", user: "system:serviceaccount:kube-system:gc")
  }

  /// Nothing falls due by itself.
  public var nextDue: Timestamp? { nil }

  /// Collects what the changes since the last call made garbage; answers whether it changed anything.
  public func step(now: Timestamp) async -> Bool { await step() }

  /// Collects what the changes since the last call made garbage; answers whether it changed anything.
  public func step() async -> Bool {
    let suspects = state.withLock { graph in
      var position = graph.position
      server.follow(&position) { graph.take($0.resource, $0.change, $0.object) }
      graph.position = position
      return graph.takeSuspects()
    }
    var didChange = false
    for suspect in suspects {
      do throws(KubernetesError) {
        if try await collect(suspect) { didChange = true }
      } catch {
        // What is gone needs nothing more; anything else is tried again.
        if error.code != .notFound { state.withLock { $0.suspect(suspect) } }
      }
    }
    return didChange
  }

  private func collect(_ place: ObjectPlace) async throws(KubernetesError) -> Bool {
    guard let object = server.stored(place.resource, place.key) else { return false }
    let metadata = object.metadata
    if metadata.isBeingDeleted {
      if metadata.finalizers.contains("orphan") { return try await orphan(place, object) }
      if metadata.finalizers.contains("foregroundDeletion") { return try await finishForeground(place, object) }
      return false
    }
    let owners = metadata.ownerReferences.map(\.uid)
    let (isLost, hasClosing, hasDependents) = state.withLock { graph in
      (
        !owners.contains(where: graph.isLiving), owners.contains(where: graph.isClosing),
        !graph.dependents(of: metadata.uid).isEmpty
      )
    }
    guard !owners.isEmpty, isLost || hasClosing else { return false }
    let propagation: DeleteOptions.Propagation = hasClosing && hasDependents ? .foreground : .background
    try await client.delete(
      place.resource, place.key, DeleteOptions(uid: metadata.uid, propagation: propagation))
    return true
  }

  /// Takes the finalizer off once no dependent blocks the owner; before that the dependents are deleted.
  private func finishForeground(_ place: ObjectPlace, _ object: KubernetesObject) async throws(KubernetesError) -> Bool
  {
    let uid = object.metadata.uid
    let dependents = state.withLock { $0.dependents(of: uid) }
    let blocking = dependents.filter { place in
      guard let dependent = server.stored(place.resource, place.key) else { return false }
      return dependent.metadata.ownerReferences.contains { $0.uid == uid && $0.blocksOwnerDeletion }
    }
    guard blocking.isEmpty else {
      state.withLock { graph in for place in blocking { graph.suspect(place) } }
      return blocking.contains { place in
        server.stored(place.resource, place.key).map { !$0.metadata.isBeingDeleted } ?? false
      }
    }
    return try await remove("foregroundDeletion", from: place, object)
  }

  /// Takes the owner out of its dependents, then lets it go.
  private func orphan(_ place: ObjectPlace, _ object: KubernetesObject) async throws(KubernetesError) -> Bool {
    let uid = object.metadata.uid
    for dependent in state.withLock({ $0.dependents(of: uid) }) {
      guard let found = server.stored(dependent.resource, dependent.key) else { continue }
      let others = (found.metadata.json?["ownerReferences"]?.elements.map(JSONValue.init) ?? [])
        .filter { $0["uid"]?.string != uid }
      let patch: JSONValue = ["metadata": ["ownerReferences": others.isEmpty ? .null : .array(others)]]
      try await client.patch(dependent.resource, dependent.key, .merge(patch))
    }
    return try await remove("orphan", from: place, object)
  }

  private func remove(
    _ finalizer: String, from place: ObjectPlace, _ object: KubernetesObject
  ) async throws(KubernetesError) -> Bool {
    let rest = object.metadata.finalizers.filter { $0 != finalizer }
    let patch: JSONValue = ["metadata": ["finalizers": rest.isEmpty ? .null : .array(rest.map(JSONValue.string))]]
    try await client.patch(place.resource, place.key, .merge(patch))
    return true
  }
}

extension SimulatedAPIServer {
  /// The object of that name, without faults.
  func stored(_ resource: Resource, _ key: NamespacedName) -> KubernetesObject? {
    state.withLock { $0.storage.object(resource, key) }
  }

  /// Feeds the changes after a position, all objects where the log does not go back that far, and moves the position on.
  func follow(_ position: inout Int, _ body: (LogEntry) -> Void) {
    let (entries, version) = state.withLock { state -> ([LogEntry], Int) in
      let version = state.storage.version
      if position > 0, let changes = state.storage.log.changes(after: position) { return (Array(changes), version) }
      let all = state.storage.all { _, _ in true }.map {
        LogEntry(version: version, resource: $0, change: .added, object: $1, before: nil)
      }
      return (all, version)
    }
    for entry in entries { body(entry) }
    position = version
  }
}
