import Kubernetes

/// Where an object is.
struct ObjectPlace: Hashable, Sendable {
  let resource: Resource
  let key: NamespacedName
}

/// Who owns whom, kept up to date change by change, and which objects need a look.
struct OwnershipGraph: Sendable {
  /// The version up to which changes are taken in.
  var position = 0
  private var dependents: [String: Set<ObjectPlace>] = [:]
  /// Where each object is, by its unique id.
  private var living: [String: ObjectPlace] = [:]
  /// Owners that wait for their dependents in a foreground deletion.
  private var closing: Set<String> = []
  private var suspects: Set<ObjectPlace> = []

  func isLiving(_ uid: String) -> Bool { living[uid] != nil }
  func isClosing(_ uid: String) -> Bool { closing.contains(uid) }

  /// The objects that name an owner.
  func dependents(of uid: String) -> Set<ObjectPlace> { dependents[uid] ?? [] }

  mutating func suspect(_ place: ObjectPlace) { suspects.insert(place) }

  /// The objects that need a look, in order.
  mutating func takeSuspects() -> [ObjectPlace] {
    defer { suspects = [] }
    return suspects.sorted { ($0.resource.plural, $0.key) < ($1.resource.plural, $1.key) }
  }

  mutating func take(_ resource: Resource, _ change: LogEntry.Change, _ object: KubernetesObject) {
    let place = ObjectPlace(resource: resource, key: object.key)
    let metadata = object.metadata
    let owners = metadata.ownerReferences.map(\.uid)
    guard change != .deleted else { return remove(place, metadata.uid, owners) }
    living[metadata.uid] = place
    for owner in owners { dependents[owner, default: []].insert(place) }
    if metadata.isBeingDeleted {
      suspects.insert(place)
      if metadata.finalizers.contains("foregroundDeletion"), closing.insert(metadata.uid).inserted {
        suspects.formUnion(dependents[metadata.uid] ?? [])
      }
    } else if !owners.isEmpty, !owners.contains(where: isLiving) || owners.contains(where: isClosing) {
      suspects.insert(place)
    }
  }

  private mutating func remove(_ place: ObjectPlace, _ uid: String, _ owners: [String]) {
    living[uid] = nil
    closing.remove(uid)
    suspects.formUnion(dependents.removeValue(forKey: uid) ?? [])
    for owner in owners {
      dependents[owner]?.remove(place)
      // An owner that waits for its dependents has to look again.
      if closing.contains(owner), let ownerPlace = living[owner] { suspects.insert(ownerPlace) }
    }
  }
}
