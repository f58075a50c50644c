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

  /// Holds a call back where the plan of faults wants it to; a watch, which has no other way to fail, fails here.
  func hold(
    _ verb: String, _ resource: Resource, _ key: NamespacedName, subresource: String
  ) async throws(KubernetesError) {
    guard let plan = state.withLock({ $0.faults }) else { return }
    if let delay = plan.delay(verb: verb, resource, key, subresource: subresource) { try? await Task.sleep(for: delay) }
    if verb == "watch" { try fail(verb, resource, key) }
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

  /// A new object as it goes into admission: decoded and defaulted, without what only storing gives it.
  func prepareCreate(
    _ resource: Resource, _ namespace: String, _ value: JSONValue
  ) throws(KubernetesError) -> (ResourceDefinition, JSONValue, (any AdmissionChain)?) {
    let (definition, _, chain) = try lookUp(resource, NamespacedName(namespace, ""))
    let semantics = ObjectSemantics(definition: definition, now: clock.now())
    let draft = try semantics.draft(decoded(value, definition), namespace: namespace)
    if definition.resource.isNamespaced { try checkNamespace(namespace, definition) }
    return (definition, draft, chain)
  }

  /// An object as the server reads it: pruned to its schema, with defaults.
  func decoded(_ value: JSONValue, _ definition: ResourceDefinition) -> JSONValue {
    Defaults.apply(
      to: SchemaPruning.prune(DecodedForm.of(value, definition), definition.schema), definition)
  }

  /// What admission makes of an object; nil where it leaves it as it is.
  func mutate(
    _ attempt: AdmissionAttempt, _ chain: (any AdmissionChain)?, _ definition: ResourceDefinition
  ) async throws(KubernetesError) -> JSONValue? {
    guard let chain, let mutated = try await chain.mutate(attempt) else { return nil }
    return decoded(mutated, definition)
  }

  /// Refuses an object that breaks the rules of its kind.
  func check(_ value: JSONValue, over old: JSONValue?, _ definition: ResourceDefinition) throws(KubernetesError) {
    let problems = ObjectValidation.problems(value, old: old, definition)
    guard problems.isEmpty else {
      throw APIFailure.invalid(definition.resource, value["metadata"]?["name"]?.string ?? "", problems)
    }
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
      namespace["spec"] = ["finalizers": ["kubernetes"]]
      var labels = namespace["metadata"]?["labels"] ?? .null
      labels["kubernetes.io/metadata.name"] = namespace["metadata"]?["name"]
      namespace["metadata"]?["labels"] = labels
      return namespace
    default: return value
    }
  }

  /// What a stored object brings about in the server itself.
  mutating func afterStore(_ object: KubernetesObject, _ definition: ResourceDefinition, now: Timestamp) {
    guard definition.resource == .customResourceDefinitions else { return }
    CustomResources.register(object, in: &registry)
    if let established = CustomResources.established(object, now: now) {
      _ = storage.put(definition.resource, established)
    }
  }

  /// Removes an object and frees what it held.
  mutating func remove(_ definition: ResourceDefinition, _ key: NamespacedName) {
    guard let object = storage.remove(definition.resource, key) else { return }
    if definition.resource == .services { addresses.release(JSONValue(object.json)) }
    guard definition.resource == .customResourceDefinitions,
      let resource = CustomResources.definition(of: object)?.resource
    else { return }
    // A resource takes its objects along.
    for object in storage.objects(resource, namespace: nil) { storage.remove(resource, object.key) }
    registry.remove(resource)
  }
}
