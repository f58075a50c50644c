import JSON
import Kubernetes

extension SimulatedAPIServer {
  /// Deletes an object, or marks it for its finalizers and its grace period; answers it as it is then.
  @discardableResult
  func delete(
    _ resource: Resource, _ key: NamespacedName, _ options: DeleteOptions, _ write: WriteOptions
  ) async throws(KubernetesError) -> KubernetesObject {
    try fail("delete", resource, key)
    let (definition, found, chain) = try lookUp(resource, key)
    guard let found else { throw APIFailure.notFound(resource, key.name) }
    try await chain?.validate(
      AdmissionAttempt(
        operation: "DELETE", resource: definition.resource, subresource: "", key: key, object: nil,
        old: JSONValue(found.json), isDryRun: write.isDryRun, user: write.user))
    return try commit { state throws(KubernetesError) in
      guard let current = state.storage.object(definition.resource, key) else {
        throw APIFailure.notFound(resource, key.name)
      }
      let semantics = ObjectSemantics(definition: definition, now: clock.now())
      let grace = Self.grace(current, options)
      switch try semantics.delete(current, options, grace: grace) {
      case .pending: return current
      case .mark(let value):
        return write.isDryRun ? KubernetesObject(value) : state.storage.put(definition.resource, value)
      case .remove:
        if !write.isDryRun { state.remove(definition, key) }
        return current
      }
    }
  }

  /// The seconds that a pod on a node has to end; anything else goes at once.
  private static func grace(_ object: KubernetesObject, _ options: DeleteOptions) -> Int {
    let pod = object.as(Pod.self)
    guard object.kind == Resource.pods.kind, !pod.nodeName.isEmpty, !pod.isTerminal else { return 0 }
    return max(0, options.gracePeriodSeconds ?? pod.spec?["terminationGracePeriodSeconds"]?.int ?? 30)
  }
}
