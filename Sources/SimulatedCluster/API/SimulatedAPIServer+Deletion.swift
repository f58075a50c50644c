import JSON
import Kubernetes

extension SimulatedAPIServer {
  /// An object whose deletion was asked for.
  struct Deleted: Sendable {
    /// As it is now, or as it was last.
    let object: KubernetesObject
    let isGone: Bool
  }

  /// Deletes an object, or marks it for its finalizers and its grace period.
  @discardableResult
  func delete(
    _ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions, _ write: WriteOptions
  ) async throws(KubernetesError) -> Deleted {
    try fail("delete", resource, key)
    let (definition, found, chain) = try lookUp(resource, key)
    guard let found else { throw APIFailure.notFound(resource, key.name) }
    if definition.resource == .namespaces, Self.lasting.contains(key.name) {
      throw KubernetesError(
        .forbidden, status: 403,
        message: "namespaces \"\(key.name)\" is forbidden: this namespace may not be deleted",
        details: StatusDetails(name: key.name, group: "", kind: "namespaces"))
    }
    if let chain, !write.isAdmitted {
      let attempt = AdmissionAttempt(
        operation: "DELETE", resource: definition.resource, subresource: "", key: key, object: nil,
        old: JSONValue(found.json), isDryRun: write.isDryRun, user: write.user, options: write.value("DeleteOptions"),
        notes: write.notes)
      _ = try await chain.mutate(attempt)
      try await chain.validate(attempt)
    }
    return try commit { state throws(KubernetesError) in
      guard let current = state.storage.object(definition.resource, key) else {
        throw APIFailure.notFound(resource, key.name)
      }
      let semantics = ObjectSemantics(definition: definition, now: clock.now())
      let grace = Self.grace(current, options)
      switch try semantics.delete(current, options, grace: grace) {
      case .pending: return Deleted(object: current, isGone: false)
      case .mark(let value):
        let object = write.isDryRun ? KubernetesObject(value) : state.storage.put(definition.resource, value)
        return Deleted(object: object, isGone: false)
      case .remove:
        if !write.isDryRun { state.remove(definition, key) }
        return Deleted(object: current, isGone: true)
      }
    }
  }

  /// The namespaces that every cluster keeps.
  private static let lasting = ["default", "kube-system", "kube-public"]

  /// The seconds that a pod on a node has to end; anything else goes at once.
  private static func grace(_ object: KubernetesObject, _ options: DeleteOptions) -> Int {
    let pod = object.as(Pod.self)
    guard object.kind == Resource.pods.kind, !pod.nodeName.isEmpty, !pod.isTerminal else { return 0 }
    return max(0, options.gracePeriodSeconds ?? pod.spec?["terminationGracePeriodSeconds"]?.int ?? 30)
  }
}
