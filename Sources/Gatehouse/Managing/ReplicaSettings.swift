import Controllers
import KubeClient
import Kubernetes
import TLS

/// Everything that one replica of the manager is made with.
struct ReplicaSettings: Sendable {
  /// How the API server comes to call this product.
  enum Registration: Sendable {
    /// The replicas keep a Secret with certificates and register themselves.
    case managed(Address)
    /// Somebody else does; this is the pair to begin with.
    case none(Identity)
  }

  /// Where the API server reaches the replicas.
  enum Address: Sendable, Equatable {
    /// Through a Service.
    case service(NamespacedName)
    /// At a URL; without a port of its own it gets that of the HTTPS port.
    case url(WebhookURL)
  }

  /// Who runs the controllers.
  enum Election: Sendable, Equatable {
    /// This replica, whatever others do.
    case none
    /// The replica that holds the lease.
    case lease(ElectionTiming)
  }

  /// The lease of OpenKruiseGame's manager, so that the two never write at the same time.
  static let leaseName = "game-kruise-manager"
  /// The namespace of the shipped manifests.
  static let usualNamespace = "kruise-game-system"
  /// The Service of the shipped manifests.
  static let usualService = "kruise-game-webhook-service"

  /// How the API server is reached.
  var client: ClientConfiguration
  /// Where reviews, probes and the scaler are served.
  var serving = ServingSettings()
  /// What decisions depend on; native sidecars are left out of it where the API server is too old for them.
  var policy: DecisionPolicy
  /// How the API server comes to call this product.
  var registration: Registration
  /// Who runs the controllers.
  var election = Election.lease(.standard)
  /// The product's own namespace, for the lease and the certificates.
  var namespace = usualNamespace
  /// The only namespace whose objects are looked at; nil is all of them.
  var watchedNamespace: String?
  /// The name of the replica in events and in the lease.
  var instance: String
  /// Sets that are worked on at once.
  var setWorkers = 10
  /// Servers that are worked on at once.
  var serverWorkers = 10
  /// How often every object is looked at again, whether it changed or not; nil for never.
  var resync: Duration?
  /// Which turns of servers' states are told as events.
  var stateNews = StateNews.surprises
  /// How long a server's network may take.
  var patience = NetworkPatience()
  /// Where traces go; nil makes none.
  var tracing: TracingSettings?
  /// What credential programs find in their environment.
  var environment: [String: String] = [:]
}

/// An HTTPS address of this process as the API server sees it.
struct WebhookURL: Sendable, Equatable {
  /// The host: a name or an address, an IPv6 one without brackets.
  let host: String
  /// The port, where one is named.
  let port: UInt16?

  /// Reads `https://HOST` or `https://HOST:PORT`; nil for anything else.
  init?(_ text: String) {
    let scheme = "https://"
    guard text.hasPrefix(scheme) else { return nil }
    var rest = text.dropFirst(scheme.count)
    if rest.hasSuffix("/") { rest.removeLast() }
    var name = rest
    var port: UInt16?
    if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
      guard let number = UInt16(rest[rest.index(after: colon)...]), number > 0 else { return nil }
      (name, port) = (rest[..<colon], number)
    }
    if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
    guard let host = try? AlternativeName(String(name)) else { return nil }
    (self.host, self.port) = (host.description, port)
  }

  /// The URL, with this port where it has none of its own.
  func text(port other: String) -> String {
    "https://\(host.contains(":") ? "[\(host)]" : host):\(port.map { "\($0)" } ?? other)"
  }
}
