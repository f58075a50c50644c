import Admission
import HTTPServer
import Kubernetes
import Logging
import Scaler
import Synchronization
import TLS
import Telemetry

/// The ports that every form of the server has: reviews over TLS, probes and metrics, the external scaler.
///
/// Each is opened by itself, because a manager answers probes long before it has a certificate.
final class ServingPorts: Sendable {
  private struct Open {
    var admission: Server?
    var health: Server?
    var metrics: Server?
    var scaler: ScalerServer?
  }

  private let settings: ServingSettings
  private let readiness: Readiness
  private let registry: MetricRegistry
  private let logger: Logger
  private let open: Mutex<Open>

  /// Opens nothing yet.
  ///
  /// - Parameter readiness: what `/readyz` answers with; the ports see to its `.reviews`.
  init(_ settings: ServingSettings, _ readiness: Readiness, _ registry: MetricRegistry, _ logger: Logger) {
    self.settings = settings
    self.readiness = readiness
    self.registry = registry
    self.logger = logger
    open = Mutex(Open())
    ServerMetrics.register(in: registry) { [weak self] in self?.statistics ?? ServerStatistics() }
  }

  /// Opens the plain port.
  ///
  /// - Returns: The address, with the port that was taken.
  func openHealth() throws(CommandFailure) -> String {
    let endpoint = Endpoint(settings.health, spread: .oneLoop, router: HealthRouter.make(registry, readiness))
    // One loop: probes and scrapes come once in some seconds.
    let (server, addresses) = try start(
      [endpoint], threads: 1, connections: Limits.fewConnections, name: "health", flag: "--health-port")
    open.withLock { $0.health = server }
    return addresses[0]
  }

  /// Opens the plain port for metrics only, where the settings have one.
  ///
  /// - Returns: The address, with the port that was taken; nil where there is none.
  func openMetrics() throws(CommandFailure) -> String? {
    guard let address = settings.metrics else { return nil }
    let endpoint = Endpoint(address, spread: .oneLoop, router: HealthRouter.metrics(registry))
    let (server, addresses) = try start(
      [endpoint], threads: 1, connections: Limits.fewConnections, name: "metrics", flag: "--metrics-bind-address")
    open.withLock { $0.metrics = server }
    return addresses[0]
  }

  /// Opens the HTTPS port; reviews are welcome from then on.
  ///
  /// - Returns: The address, with the port that was taken.
  func openAdmission(_ handlers: [AdmissionHandler], _ identity: Identity) throws(CommandFailure) -> String {
    let security: ServerSecurity
    do {
      security = ServerSecurity(
        certificatePEM: try identity.certificatePEM(), keyPEM: try identity.keyPEM(),
        clientAuthoritiesPEM: settings.clientAuthoritiesPEM)
    } catch {
      throw CommandFailure("\(error)")
    }
    let endpoint = Endpoint(
      settings.admission, security: security, router: AdmissionRouter.make(handlers, logger))
    let (server, addresses) = try start(
      [endpoint], threads: settings.threads, name: "admission", flag: "--webhook-port")
    open.withLock { $0.admission = server }
    readiness.set(.reviews, true)
    return addresses[0]
  }

  /// Opens the scaler's port, with answers from a store.
  ///
  /// - Returns: The address, with the port that was taken.
  func openScaler(_ store: ObjectStore) throws(CommandFailure) -> String {
    do {
      let server = try ScalerServer(store: store, bind: settings.scaler, registry: registry)
      let address = try server.start()
      open.withLock { $0.scaler = server }
      return address
    } catch {
      throw CommandFailure("\(error)\(error.code == .system ? "; choose another --scaler-port" : "")")
    }
  }

  /// Shows new connections another pair; nothing happens before the HTTPS port is open.
  func show(certificatePEM: [UInt8], keyPEM: [UInt8]) throws(ServerError) {
    try open.withLock { $0.admission }?.reload(certificatePEM: certificatePEM, keyPEM: keyPEM)
  }

  private var statistics: ServerStatistics {
    let open = open.withLock { $0 }
    return [open.admission, open.health, open.metrics].compactMap { $0?.statistics }.reduce(ServerStatistics()) {
      $0 + $1
    }
  }

  private func start(
    _ endpoints: [Endpoint], threads: Int?, connections: Int? = nil, name: String, flag: String
  ) throws(CommandFailure) -> (Server, [String]) {
    do {
      var limits = Limits()
      if let connections { limits.connections = connections }
      let server = try Server(endpoints, threads: threads, limits: limits, name: name)
      return (server, try server.start())
    } catch {
      throw CommandFailure("\(error)\(error.code == .system ? "; choose another --bind-address or \(flag)" : "")")
    }
  }
}

extension ServingPorts: DrainingServer {
  /// Begins the end: readiness turns false first, so that nobody sends anything new; probes are answered as long as connections are taken.
  func drain(grace: Duration?) {
    readiness.set(.reviews, false)
    let open = open.withLock { $0 }
    open.admission?.drain(grace: grace)
    open.scaler?.drain(grace: grace)
    open.health?.drain(grace: grace)
    open.metrics?.drain(grace: grace)
  }

  /// Waits for the end.
  func join() {
    let open = open.withLock { $0 }
    open.admission?.join()
    open.scaler?.join()
    open.health?.join()
    open.metrics?.join()
  }
}
