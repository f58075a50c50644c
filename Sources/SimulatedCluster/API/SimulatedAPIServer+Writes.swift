import JSON
import Kubernetes
import Synchronization

extension SimulatedAPIServer {
  /// How often a write without a version is tried again when the object changed under it, as the real server does.
  private static var conflictTries: Int { 5 }

  /// Creates an object.
  func create(
    _ resource: Resource, namespace: String, _ value: JSONValue, _ options: WriteOptions
  ) async throws(KubernetesError) -> KubernetesObject {
    let name = value["metadata"]?["name"]?.string ?? ""
    try fail("create", resource, NamespacedName(namespace, name))
    let (definition, draft, chain) = try prepareCreate(resource, namespace, value)
    var attempt = AdmissionAttempt(
      operation: "CREATE", resource: definition.resource, subresource: "", key: NamespacedName(namespace, name),
      object: draft, old: nil, isDryRun: options.isDryRun, user: options.user, options: options.value("CreateOptions"),
      notes: options.notes)
    let mutated = try await mutate(attempt, options.isAdmitted ? nil : chain, definition) ?? draft
    let (uid, suffix) = state.withLock { $0.newIdentity() }
    let semantics = ObjectSemantics(definition: definition, now: clock.now())
    let object = try semantics.create(mutated, namespace: namespace, newUID: uid, nameSuffix: suffix)
    try check(object, over: nil, definition)
    attempt.object = object
    if !options.isAdmitted { try await chain?.validate(attempt) }
    let key = NamespacedName(
      definition.resource.isNamespaced ? namespace : "", object["metadata"]?["name"]?.string ?? "")
    return try commit { state throws(KubernetesError) in
      guard state.storage.object(definition.resource, key) == nil else {
        throw APIFailure.alreadyExists(definition.resource, key.name)
      }
      let managers = managers(definition)
      // An apply has recorded whose fields these are.
      let owned =
        options.isApplied
        ? object
        : managers.recordUpdate(of: nil, to: object, manager: options.fieldManager, subresource: "")
      let value = try state.complete(owned, over: nil, definition)
      guard !options.isDryRun else { return KubernetesObject(value) }
      let stored = state.storage.put(definition.resource, value)
      state.afterStore(stored, definition, now: semantics.now)
      return state.storage.object(definition.resource, key) ?? stored
    }
  }

  /// Replaces or changes an object, or a subresource of it.
  func write(
    _ resource: Resource, _ key: NamespacedName, subresource: String?, _ change: WriteChange, _ options: WriteOptions
  ) async throws(KubernetesError) -> KubernetesObject {
    try fail(verb(change), resource, key, subresource ?? "")
    var lastConflict = APIFailure.modified(resource, key.name)
    for _ in 0..<Self.conflictTries {
      do throws(KubernetesError) {
        return try await writeOnce(resource, key, subresource, change, options)
      } catch {
        // Only a write that did not say which version it is for is tried again.
        guard error.code == .conflict, error.message == lastConflict.message, !isConditional(change) else {
          throw error
        }
        lastConflict = error
      }
    }
    throw lastConflict
  }

  private func writeOnce(
    _ resource: Resource, _ key: NamespacedName, _ subresource: String?, _ change: WriteChange, _ options: WriteOptions
  ) async throws(KubernetesError) -> KubernetesObject {
    let (definition, found, chain) = try lookUp(resource, key)
    guard let found else {
      guard case .patch(.apply(let value, _, _)) = change, subresource == nil else {
        throw APIFailure.notFound(resource, key.name)
      }
      return try await createByApply(resource, key, value, change, options)
    }
    let old = JSONValue(found.json)
    let desired = try target(of: change, old, definition)
    let semantics = ObjectSemantics(definition: definition, now: clock.now())
    let complete = decoded(desired.value, definition)
    try semantics.checkKind(complete)
    var attempt = AdmissionAttempt(
      operation: "UPDATE", resource: definition.resource, subresource: subresource ?? "", key: key,
      object: complete, old: old, isDryRun: options.isDryRun, user: options.user,
      options: options.value(change.optionsKind), notes: options.notes)
    let mutated = try await mutate(attempt, options.isAdmitted ? nil : chain, definition) ?? complete
    let draft = try semantics.update(mutated, over: found, old, subresource: subresource)
    if let draft { try check(draft, over: old, definition) }
    attempt.object = draft ?? old
    if !options.isAdmitted { try await chain?.validate(attempt) }
    guard let object = draft else { return try keepOwnership(found, desired.value, definition, change, options) }
    return try commit { state throws(KubernetesError) in
      guard let current = state.storage.object(definition.resource, key) else {
        throw APIFailure.notFound(resource, key.name)
      }
      guard current.metadata.resourceVersion == found.metadata.resourceVersion else {
        throw APIFailure.modified(resource, key.name)
      }
      let owned =
        desired.isApplied
        ? object
        : managers(definition).recordUpdate(
          of: old, to: object, manager: options.fieldManager, subresource: subresource ?? "")
      let value = try state.complete(owned, over: old, definition)
      guard !options.isDryRun else { return KubernetesObject(value) }
      if ObjectSemantics.mayGo(value) {
        state.remove(definition, key)
        return KubernetesObject(value)
      }
      let stored = state.storage.put(definition.resource, value)
      state.afterStore(stored, definition, now: semantics.now)
      return state.storage.object(definition.resource, key) ?? stored
    }
  }

  /// A write that changes no field may still change who owns them.
  private func keepOwnership(
    _ found: KubernetesObject, _ desired: JSONValue, _ definition: ResourceDefinition, _ change: WriteChange,
    _ options: WriteOptions
  ) throws(KubernetesError) -> KubernetesObject {
    guard case .patch = change, !options.isDryRun else { return found }
    var value = JSONValue(found.json)
    let entries = desired["metadata"]?["managedFields"]
    guard owners(value["metadata"]?["managedFields"]) != owners(entries) else { return found }
    value["metadata"]?["managedFields"] = entries
    let owned = value
    return try commit { state throws(KubernetesError) in state.storage.put(definition.resource, owned) }
  }

  /// Who owns which fields, without the times.
  private func owners(_ entries: JSONValue?) -> [JSONValue] {
    (entries?.array ?? []).map { entry in
      var entry = entry
      entry["time"] = nil
      return entry
    }
  }

  private func createByApply(
    _ resource: Resource, _ key: NamespacedName, _ value: JSONValue, _ change: WriteChange, _ options: WriteOptions
  ) async throws(KubernetesError) -> KubernetesObject {
    guard case .patch(.apply(_, let manager, let force)) = change else { throw APIFailure.notFound(resource, key.name) }
    var named = value
    var metadata = named["metadata"] ?? .null
    metadata["name"] = .string(key.name)
    named["metadata"] = metadata
    let definition = try lookUp(resource, key).0
    let owned: JSONValue
    do throws(ServerSideApply.Conflict) {
      owned = try managers(definition).apply(named, to: nil, manager: manager, force: force)
    } catch {
      throw APIFailure.badRequest("an apply to nothing found other owners")
    }
    var quiet = options
    quiet.fieldManager = manager
    quiet.isApplied = true
    return try await create(resource, namespace: key.namespace, owned, quiet)
  }

  /// The object that a change asks for.
  private func target(
    of change: WriteChange, _ live: JSONValue, _ definition: ResourceDefinition
  ) throws(KubernetesError) -> (value: JSONValue, isApplied: Bool) {
    switch change {
    case .replace(let value): return (value, false)
    case .patch(.apply(let value, let manager, let force)):
      do throws(ServerSideApply.Conflict) {
        return (try managers(definition).apply(value, to: live, manager: manager, force: force), true)
      } catch {
        throw applyConflict(error)
      }
    case .patch(let patch): return (try PatchApplication.apply(patch, to: live, definition), false)
    }
  }

  private func applyConflict(_ conflict: ServerSideApply.Conflict) -> KubernetesError {
    let count = conflict.owners.reduce(0) { $0 + $1.paths.count }
    let causes = conflict.owners.flatMap { owner in
      owner.paths.map { path in
        StatusDetails.Cause(
          reason: "FieldManagerConflict", message: "conflict with \"\(owner.manager)\"", field: path)
      }
    }
    return KubernetesError(
      .conflict, status: 409,
      message: "Apply failed with \(count) conflict\(count == 1 ? "" : "s"): \(conflict.text(count))",
      details: StatusDetails(name: "", group: "", kind: "", causes: causes))
  }

  private func managers(_ definition: ResourceDefinition) -> ServerSideApply {
    ServerSideApply(
      lists: ListKeys(schema: definition.schema), apiVersion: definition.resource.apiVersion, now: clock.now())
  }

  private func verb(_ change: WriteChange) -> String {
    if case .replace = change { "update" } else { "patch" }
  }

  /// Whether a change names the version that it is for.
  private func isConditional(_ change: WriteChange) -> Bool {
    switch change {
    case .replace(let value), .patch(.merge(let value)), .patch(.strategicMerge(let value)),
      .patch(.apply(let value, _, _)):
      value["metadata"]?["resourceVersion"]?.string ?? "" != ""
    case .patch(.json): false
    }
  }
}
