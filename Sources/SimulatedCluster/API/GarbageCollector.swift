import JSON
import Kubernetes
import Synchronization

/// Removes what belongs to nobody any more: objects whose owners are gone, and those that wait for their dependents in a foreground deletion.
///
/// Follows the changes of the cluster, so that a pass costs what changed and not what there is.
public final class GarbageCollector: Sendable {
  fileprivate struct State {
    var position = 0
    /// The objects that name an owner, by the owner's unique id.
    var dependents: [String: Set<Place>] = [:]
    /// Owners that are known to exist.
    var living: Set<String> = []
    var suspects: Set<Place> = []
    /// Owners that wait for their dependents in a foreground deletion.
    var closing: Set<String> = []
  }

  fileprivate struct Place: Hashable {
    let resource: Resource
    let key: NamespacedName
  }

  private let server: SimulatedAPIServer
  private let client: InProcessClient
  private let state = Mutex(State())

  /// A collector of a cluster's objects.
  public init(_ server: SimulatedAPIServer) {
    self.server = server
    client = InProcessClient(server, fieldManager: "garbage-collector", user: "system:serviceaccount:kube-system:gc")
  }

  /// Collects what the changes since the last call made garbage; answers whether it changed anything.
  public func step() async -> Bool {
    let suspects = state.withLock { state in
      var position = state.position
      server.follow(&position) { entry in state.take(entry.resource, entry.change, entry.object) }
      state.position = position
      defer { state.suspects = [] }
      return state.suspects
    }
    var didChange = false
    for suspect in suspects.sorted(by: { $0.key < $1.key }) {
      if await collect(suspect) { didChange = true }
    }
    return didChange
  }

  private func collect(_ place: Place) async -> Bool {
    guard let object = try? server.get(place.resource, place.key) else { return false }
    if object.metadata.finalizers.contains("foregroundDeletion"), object.metadata.isBeingDeleted {
      return await finishForeground(place, object)
    }
    let owners = object.metadata.ownerReferences
    let (missing, waiting) = state.withLock { state in
      (owners.allSatisfy { !state.living.contains($0.uid) }, owners.contains { state.closing.contains($0.uid) })
    }
    guard !owners.isEmpty, missing || waiting, !object.metadata.isBeingDeleted else { return false }
    let options = DeleteOptions(uid: object.metadata.uid, propagation: waiting ? .foreground : .background)
    do throws(KubernetesError) {
      try await client.delete(place.resource, place.key, options)
      return true
    } catch {
      if error.isTransient { state.withLock { _ = $0.suspects.insert(place) } }
      return false
    }
  }

  /// Takes the finalizer off once no dependent is left; before that makes suspects of the dependents.
  private func finishForeground(_ place: Place, _ object: KubernetesObject) async -> Bool {
    let uid = object.metadata.uid
    let dependents = state.withLock { $0.dependents[uid] ?? [] }
    let blocking = dependents.filter { place in
      guard let dependent = try? server.get(place.resource, place.key) else { return false }
      return dependent.metadata.ownerReferences.contains { $0.uid == uid && $0.blocksOwnerDeletion }
    }
    guard blocking.isEmpty else {
      state.withLock { $0.suspects.formUnion(blocking) }
      return await deleteDependents(blocking)
    }
    let rest = object.metadata.finalizers.filter { $0 != "foregroundDeletion" }
    let patch: JSONValue = ["metadata": ["finalizers": rest.isEmpty ? .null : .array(rest.map(JSONValue.string))]]
    return (try? await client.patch(place.resource, place.key, .merge(patch))) != nil
  }

  private func deleteDependents(_ places: Set<Place>) async -> Bool {
    var didDelete = false
    for place in places {
      guard let object = try? server.get(place.resource, place.key), !object.metadata.isBeingDeleted else { continue }
      let options = DeleteOptions(uid: object.metadata.uid, propagation: .foreground)
      if (try? await client.delete(place.resource, place.key, options)) != nil { didDelete = true }
    }
    return didDelete
  }
}

extension GarbageCollector.State {
  fileprivate mutating func take(_ resource: Resource, _ change: LogEntry.Change, _ object: KubernetesObject) {
    let place = GarbageCollector.Place(resource: resource, key: object.key)
    let uid = object.metadata.uid
    let owners = object.metadata.ownerReferences
    guard change == .deleted else {
      living.insert(uid)
      for owner in owners { dependents[owner.uid, default: []].insert(place) }
      if owners.contains(where: { !living.contains($0.uid) }) || object.metadata.isBeingDeleted {
        suspects.insert(place)
      }
      return
    }
    living.remove(uid)
    closing.remove(uid)
    suspects.formUnion(dependents[uid] ?? [])
    for owner in owners {
      dependents[owner.uid]?.remove(place)
      // An owner that waits for its dependents has to look again.
      if let ownerPlace = place.owner(owner) { suspects.insert(ownerPlace) }
    }
    dependents[uid] = nil
  }
}

extension GarbageCollector.Place {
  /// The place of an owner in the same namespace.
  fileprivate func owner(_ reference: OwnerReference) -> GarbageCollector.Place? {
    let group = reference.apiVersion.contains("/") ? String(reference.apiVersion.prefix { $0 != "/" }) : ""
    guard let known = GarbageCollector.ownerResources.first(where: { $0.kind == reference.kind && $0.group == group })
    else { return nil }
    return GarbageCollector.Place(resource: known, key: NamespacedName(key.namespace, reference.name))
  }
}

extension GarbageCollector {
  /// The resources whose objects own others in a game cluster.
  fileprivate static let ownerResources: [Resource] = [
    .gameServerSets, .gameServers, .advancedStatefulSets, .pods, .services,
  ]
}

extension SimulatedAPIServer {
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
