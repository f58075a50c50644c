import JSON
public import Kubernetes
public import TLS

/// Keeps the shared certificates and the webhook configurations of the cluster as they should be.
///
/// Any replica may make the certificates, and the first one wins; only the leader renews them and writes the configurations. Every write is
/// either conditional on what was read or a server-side apply of the product's own fields, so that replicas cannot undo each other.
public struct WebhookRegistration: Sendable {
  /// The field manager of the entries.
  public static let fieldManager = "gatehouse-webhook-registration"

  private let client: any ClusterClient
  private let secretKey: NamespacedName
  private let entries: WebhookEntries
  private let policy: CertificatePolicy
  private let now: @Sendable () -> UnixTime

  /// A registration that keeps its Secret in the product's namespace.
  public init(
    client: any ClusterClient, namespace: String, entries: WebhookEntries, policy: CertificatePolicy,
    now: @escaping @Sendable () -> UnixTime = { .now }
  ) {
    self.client = client
    secretKey = NamespacedName(namespace, WebhookCertificates.secretName)
    self.entries = entries
    self.policy = policy
    self.now = now
  }

  /// Why the certificates could not be had.
  public enum Failure: Error, Sendable, CustomStringConvertible {
    case cluster(KubernetesError)
    case certificates(TLSError)

    /// The reason.
    public var description: String {
      switch self {
      case .cluster(let error): error.description
      case .certificates(let error): error.description
      }
    }
  }

  /// The certificates of the cluster, made here where there are none; for every replica, before it serves.
  ///
  /// A Secret that is damaged is replaced: nothing else could mend it, and the API server fails every review meanwhile.
  public func certificates() async throws(Failure) -> WebhookCertificates {
    // Two rounds are enough: whoever loses the race finds the winner's Secret in the second one.
    for _ in 0..<2 {
      if let stored = try await read() {
        if let certificates = try? WebhookCertificates(secret: stored) { return certificates }
        if let made = try await write(over: stored, { now throws(TLSError) in try policy.make(now: now) }) {
          return made
        }
      } else if let made = try await write(over: nil, { now throws(TLSError) in try policy.make(now: now) }) {
        return made
      }
    }
    throw .cluster(KubernetesError(.conflict, message: "others keep replacing the Secret \(secretKey)"))
  }

  /// Does the step that the certificates need, and applies the configurations; for the leader, again and again.
  ///
  /// - Returns: The certificates to serve, and when to look again.
  public func renew() async throws(Failure) -> (certificates: WebhookCertificates, next: UnixTime) {
    var certificates = try await certificates()
    let step = policy.step(certificates, now: now())
    if case .keep(let until) = step {
      try await apply(certificates)
      return (certificates, until)
    }
    guard let stored = try await read(), let current = try? WebhookCertificates(secret: stored) else {
      return (certificates, now())
    }
    // Planned anew for what is stored now, so that a step is never done twice.
    let due = policy.step(current, now: now())
    if let written = try await write(
      over: stored, { now throws(TLSError) in try policy.apply(due, to: current, now: now) })
    {
      certificates = written
    }
    try await apply(certificates)
    return (certificates, now())
  }

  /// Applies the configurations, with the bundle as it is now; mends whatever somebody else changed in the product's entries.
  private func apply(_ certificates: WebhookCertificates) async throws(Failure) {
    let bundle: [UInt8]
    do throws(TLSError) { bundle = try certificates.bundle } catch { throw .certificates(error) }
    let configurations = [
      (Resource.validatingWebhookConfigurations, WebhookEntries.validatingName, entries.validating(bundle: bundle)),
      (Resource.mutatingWebhookConfigurations, WebhookEntries.mutatingName, entries.mutating(bundle: bundle)),
    ]
    for (resource, name, value) in configurations {
      do throws(KubernetesError) {
        // An apply that changes nothing is no write in the API server, and still one call: so look first.
        let key = NamespacedName("", name)
        if let live = try? await client.get(resource, key), holds(value, live) { continue }
        try await client.patch(resource, key, .apply(value, fieldManager: Self.fieldManager, force: true))
      } catch {
        throw .cluster(error)
      }
    }
  }

  /// Whether a configuration has every entry as it should be, whatever else it has.
  private func holds(_ value: JSONValue, _ live: KubernetesObject) -> Bool {
    let entries = live.json["webhooks"].map { Array($0.elements) } ?? []
    return (value["webhooks"]?.array ?? []).allSatisfy { wanted in
      entries.contains { $0["name"]?.string == wanted["name"]?.string && wanted.isContained(in: $0) }
    }
  }

  private func read() async throws(Failure) -> KubernetesObject? {
    do throws(KubernetesError) {
      return try await client.get(.secrets, secretKey)
    } catch {
      if error.code == .notFound { return nil }
      throw .cluster(error)
    }
  }

  /// Writes certificates over what was read; nil where somebody else was faster.
  private func write(
    over stored: KubernetesObject?, _ make: (UnixTime) throws(TLSError) -> WebhookCertificates
  ) async throws(Failure) -> WebhookCertificates? {
    let certificates: WebhookCertificates
    let secret: JSONValue
    do throws(TLSError) {
      certificates = try make(now())
      secret = try certificates.secret(secretKey, resourceVersion: stored?.metadata.resourceVersion)
    } catch {
      throw .certificates(error)
    }
    do throws(KubernetesError) {
      if stored == nil {
        try await client.create(.secrets, namespace: secretKey.namespace, secret)
      } else {
        try await client.update(.secrets, secretKey, secret)
      }
      return certificates
    } catch {
      if error.code == .conflict || error.code == .alreadyExists { return nil }
      throw .cluster(error)
    }
  }
}
