public import JSON
import KubeClient
public import Kubernetes
import Synchronization

/// Admission by the webhooks that are registered in the cluster, called over HTTPS as the real API server calls them.
///
/// Mutating webhooks run one after the other in the order of their configurations' names, validating ones all at once.
public final class WebhookAdmission: AdmissionChain {
  private let server: SimulatedAPIServer
  private let addresses: ServiceAddressTable
  /// How many calls of Services there were.
  private let turn = Atomic(0)
  /// One connection pool per address and authority; there are as many as webhooks ever had, which are few.
  private let posters = Mutex<[String: HTTPPoster]>([:])

  /// Calls the webhooks of a cluster.
  ///
  /// - Parameter addresses: Where Services are reached, beside what the cluster's own objects say.
  public init(_ server: SimulatedAPIServer, addresses: ServiceAddressTable = ServiceAddressTable()) {
    self.server = server
    self.addresses = addresses
  }

  /// Ends all calls and connections; blocks for as long as their threads take.
  public func shutDown() {
    let all = posters.withLock { posters in
      defer { posters = [:] }
      return posters.values
    }
    for poster in all { poster.shutDown() }
  }

  /// Lets the mutating webhooks change an object, or refuse it.
  public func mutate(_ attempt: AdmissionAttempt) async throws(KubernetesError) -> JSONValue? {
    var current = attempt
    var called: Set<String> = []
    var again = try await pass(&current, only: nil, called: &called)
    // One more round, for those that a later webhook changed the object under.
    if !again.isEmpty {
      let due = again
      again = try await pass(&current, only: due, called: &called)
    }
    return current.object
  }

  /// Lets the validating webhooks refuse an object.
  public func validate(_ attempt: AdmissionAttempt) async throws(KubernetesError) {
    let hooks = wanting(attempt, .validatingWebhookConfigurations)
    let failures = await withTaskGroup(of: (Int, KubernetesError?).self) { group in
      for (place, hook) in hooks.enumerated() {
        group.addTask {
          do throws(KubernetesError) {
            _ = try await self.call(hook, attempt, isMutating: false)
            return (place, nil)
          } catch {
            return (place, error)
          }
        }
      }
      return await group.reduce(into: [(Int, KubernetesError)]()) { all, result in
        if let error = result.1 { all.append((result.0, error)) }
      }
    }
    if let first = failures.min(by: { $0.0 < $1.0 }) { throw first.1 }
  }

  /// Calls the mutating webhooks in turn; answers those that have to be called once more.
  private func pass(
    _ current: inout AdmissionAttempt, only: Set<String>?, called: inout Set<String>
  ) async throws(KubernetesError) -> Set<String> {
    var again: Set<String> = []
    for hook in wanting(current, .mutatingWebhookConfigurations) where only?.contains(hook.id) ?? true {
      // Whether a webhook wants an object may have changed with the object.
      guard hook.wants(current, namespace: namespaceLabels(current)) else { continue }
      let decision = try await call(hook, current, isMutating: true)
      if let patch = decision?.patch, let object = current.object {
        let patched = try apply(patch, to: object)
        if patched != object {
          current.object = patched
          again.formUnion(called)
        }
      }
      if hook.isReinvoked { called.insert(hook.id) }
    }
    return again
  }

  private func apply(_ patch: JSONPatch, to object: JSONValue) throws(KubernetesError) -> JSONValue {
    do throws(JSONPatchError) {
      return try patch.apply(to: object)
    } catch {
      throw KubernetesError(.internalError, status: 500, message: "Internal error occurred: \(error)")
    }
  }

  /// Calls one webhook; nil where it failed and its policy is to go on without it.
  private func call(
    _ hook: Webhook, _ attempt: AdmissionAttempt, isMutating: Bool
  ) async throws(KubernetesError) -> WebhookReview.Decision? {
    guard !attempt.isDryRun || !hook.hasSideEffects else {
      throw APIFailure.badRequest("admission webhook \"\(hook.name)\" does not support dry run")
    }
    let review = WebhookReview(uid: RandomUID.make(), version: hook.reviewVersion, isMutating: isMutating)
    let decision: WebhookReview.Decision
    do throws(WebhookCall.Failure) {
      decision = try await target(hook).perform(review, review.request(attempt).bytes)
    } catch {
      guard !hook.ignoresFailures else { return nil }
      throw KubernetesError(
        .internalError, status: 500,
        message: "Internal error occurred: failed calling webhook \"\(hook.name)\": \(error.message)")
    }
    for warning in decision.warnings { attempt.notes.warn(warning) }
    for (key, value) in decision.annotations { attempt.notes.annotate("\(hook.name)/\(key)", value) }
    guard decision.isAllowed else { throw Self.denial(hook.name, decision.status) }
    return decision
  }

  private func target(_ hook: Webhook) throws(WebhookCall.Failure) -> WebhookCall {
    let trust = hook.authorities.map(Endpoint.Trust.pem) ?? .system
    let (endpoints, base, path): ([Endpoint], String, String)
    switch hook.address {
    case .url(let url):
      let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
      let slash = url[start...].firstIndex(of: "/") ?? url.endIndex
      base = String(url[..<slash])
      path = slash == url.endIndex ? "/" : String(url[slash...])
      endpoints = [Endpoint(server: base, trust: trust)]
    case .service(let namespace, let name, let servicePath, let port):
      let key = NamespacedName(namespace, name)
      let all = addresses.address(key).map { [$0] } ?? server.addresses(of: key, port: port)
      guard !all.isEmpty else {
        throw WebhookCall.Failure(message: "failed to call webhook: service \"\(name)\" not found")
      }
      // Each call begins with the next endpoint, so that all of them have work.
      let first = turn.wrappingAdd(1, ordering: .relaxed).oldValue % all.count
      base = "https://\(name).\(namespace).svc:\(port)"
      path = servicePath
      endpoints = (all[first...] + all[..<first]).map {
        Endpoint(server: "https://\($0)", trust: trust, tlsServerName: "\(name).\(namespace).svc")
      }
    }
    return WebhookCall(posters: endpoints.map(poster), url: base + path, path: path, timeout: .seconds(hook.timeout))
  }

  private func poster(_ endpoint: Endpoint) -> HTTPPoster {
    var key = "\(endpoint.server) \(endpoint.tlsServerName ?? "") "
    if case .pem(let bytes) = endpoint.trust { key += String(decoding: bytes, as: UTF8.self) }
    return posters.withLock { posters in
      if let known = posters[key] { return known }
      let poster = HTTPPoster(endpoint)
      posters[key] = poster
      return poster
    }
  }

  private func wanting(_ attempt: AdmissionAttempt, _ resource: Resource) -> [Webhook] {
    // Webhooks cannot stand in the way of their own registration.
    guard attempt.resource.group != Resource.mutatingWebhookConfigurations.group else { return [] }
    let labels = namespaceLabels(attempt)
    return server.all(resource).flatMap { configuration in
      (configuration.json["webhooks"].map { Array($0.elements) } ?? []).enumerated().compactMap { place, entry in
        Webhook(entry, configuration: configuration.name, place: place)
      }
    }.filter { $0.wants(attempt, namespace: labels) }
  }

  /// The labels by which a namespace selector decides; a namespace is its own.
  private func namespaceLabels(_ attempt: AdmissionAttempt) -> StringMap? {
    if attempt.resource == .namespaces {
      return (attempt.object ?? attempt.old).map { KubernetesObject($0).metadata.labels }
    }
    guard attempt.resource.isNamespaced else { return nil }
    return server.stored(.namespaces, NamespacedName("", attempt.key.namespace))?.metadata.labels
  }

  /// The refusal that the user sees (apiserver, `webhookerrors.ToStatusErr`).
  static func denial(_ name: String, _ status: JSONValue?) -> KubernetesError {
    let prefix = "admission webhook \"\(name)\" denied the request"
    let (message, reason) = (status?["message"]?.string ?? "", status?["reason"]?.string ?? "")
    let text =
      !message.isEmpty
      ? "\(prefix): \(message)" : !reason.isEmpty ? "\(prefix): \(reason)" : "\(prefix) without explanation"
    let code = status?["code"]?.int ?? 0
    let details = status?["details"].map(StatusBody.details)
    return KubernetesError(
      .other(reason), status: (400...599).contains(code) ? code : 400, message: text, details: details)
  }
}

extension SimulatedAPIServer {
  /// All objects of a resource, without faults.
  func all(_ resource: Resource) -> [KubernetesObject] {
    state.withLock { $0.storage.objects(resource, namespace: nil) }
  }
}

/// Unique ids of version 4 (RFC 9562, section 5.4).
enum RandomUID {
  static func make() -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    var rest = digits[...]
    return [8, 4, 4, 4, 12].map { count in
      defer { rest = rest.dropFirst(count) }
      return String(rest.prefix(count))
    }.joined(separator: "-")
  }
}
