import JSON
import Kubernetes
import Synchronization

extension SimulatedAPIServer {
  /// Fails a call where the plan of faults wants it to.
  func fail(
    _ verb: String, _ resource: Resource, _ key: NamespacedName, _ subresource: String = ""
  ) throws(KubernetesError) {
    let plan = state.withLock { $0.faults }
    if let failure = plan?.failure(verb: verb, resource, key, subresource: subresource) { throw failure }
  }

  /// What is known of a resource and what is stored under a name.
  func lookUp(
    _ resource: Resource, _ key: NamespacedName
  ) throws(KubernetesError) -> (ResourceDefinition, KubernetesObject?, (any AdmissionChain)?) {
    let (definition, object, chain) = state.withLock { state in
      let definition = state.registry.definition(resource)
      return (definition, definition.flatMap { state.storage.object($0.resource, key) }, state.admission)
    }
    guard let definition else {
      throw KubernetesError(.notFound, status: 404, message: "the server could not find the requested resource")
    }
    return (definition, object, chain)
  }

  /// A new object as it goes into admission.
  func prepareCreate(
    _ resource: Resource, _ namespace: String, _ value: JSONValue
  ) throws(KubernetesError) -> (ResourceDefinition, JSONValue, (any AdmissionChain)?) {
    let (definition, _, chain) = try lookUp(resource, NamespacedName(namespace, ""))
    let (uid, suffix) = state.withLock { $0.newIdentity() }
    let semantics = ObjectSemantics(definition: definition, now: clock.now())
    let draft = try semantics.create(value, namespace: namespace, newUID: uid, nameSuffix: suffix)
    if definition.resource.isNamespaced { try checkNamespace(namespace, definition) }
    return (definition, Defaults.apply(to: draft, definition), chain)
  }

  /// Runs admission: mutation, defaults for what it brought in, the schema, validation.
  func admit(
    _ attempt: inout AdmissionAttempt, _ chain: (any AdmissionChain)?, _ definition: ResourceDefinition
  ) async throws(KubernetesError) {
    if let chain, let mutated = try await chain.mutate(attempt) { attempt.object = mutated }
    if let object = attempt.object {
      let complete = Defaults.apply(to: SchemaPruning.prune(object, definition.schema), definition)
      attempt.object = complete
      let problems = ObjectValidation.problems(complete, old: attempt.old, definition)
      guard problems.isEmpty else { throw APIFailure.invalid(definition.resource, attempt.key.name, problems) }
    }
    try await chain?.validate(attempt)
  }

  private func checkNamespace(_ name: String, _ definition: ResourceDefinition) throws(KubernetesError) {
    let namespace = state.withLock { $0.storage.object(.namespaces, NamespacedName("", name)) }
    guard let namespace else { throw APIFailure.notFound(.namespaces, name) }
    guard !namespace.metadata.isBeingDeleted else {
      throw KubernetesError(
        .forbidden, status: 403,
        message: "unable to create new content in namespace \(name) because it is being terminated")
    }
  }
}

extension SimulatedAPIServer.State {
  /// A unique id, and five random characters for a generated name.
  mutating func newIdentity() -> (uid: String, suffix: String) {
    uids += 1
    let digits = String(uids, radix: 16)
    let uid = "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
    let suffix = String((0..<5).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &names)] })
    return (uid, suffix)
  }

  /// The object with what only the server can give it.
  mutating func complete(
    _ value: JSONValue, over old: JSONValue?, _ definition: ResourceDefinition
  ) throws(KubernetesError) -> JSONValue {
    switch definition.resource {
    case .services:
      guard let complete = addresses.complete(value, old: old) else {
        throw KubernetesError(.internalError, status: 500, message: "the range of node ports is full")
      }
      var service = complete
      if old == nil { service["status"] = ["loadBalancer": .object(JSONObject())] }
      return service
    case .pods where old == nil:
      var pod = value
      pod["status"] = ["phase": "Pending", "qosClass": .string(PodQuality.of(value))]
      return pod
    case .namespaces where old == nil:
      var namespace = value
      namespace["status"] = ["phase": "Active"]
      return namespace
    default: return value
    }
  }

  /// What a stored object brings about in the server itself.
  mutating func afterStore(_ object: KubernetesObject, _ definition: ResourceDefinition) {
    if definition.resource == .customResourceDefinitions { CustomResources.register(object, in: &registry) }
  }

  /// Removes an object and frees what it held.
  mutating func remove(_ definition: ResourceDefinition, _ key: NamespacedName) {
    guard let object = storage.remove(definition.resource, key) else { return }
    if definition.resource == .services { addresses.release(JSONValue(object.json)) }
    if definition.resource == .customResourceDefinitions { CustomResources.unregister(object, from: &registry) }
  }
}
