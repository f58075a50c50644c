import Admission
import ArgumentParser
import EventLoop
import GameAdmission
import HTTPServer
import Kubernetes
import Logging
import Scaler
import TLS
import Telemetry

/// `gatehouse serve`: answers admission reviews over TLS, with manifests in place of a cluster.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer admission reviews over TLS, with manifests in place of a cluster.",
    discussion: """
      Prints one line to standard output once it is ready, `ready https=HOST:PORT health=HOST:PORT ca=PATH \
      scaler=HOST:PORT`; logs go to standard error. Manifests and certificates are read again when they change. SIGTERM ends it after what is in \
      flight has been answered.

      Example:
        gatehouse serve --objects deploy/examples --webhook-port 0 --health-port 0 --cert-dir /tmp/gatehouse-certs
      """)

  @OptionGroup(title: "Decisions") var decisions: DecisionOptions
  @OptionGroup(title: "Listening") var options: ServeOptions
  @OptionGroup(title: "Logs") var logging: LoggingOptions

  func run() throws {
    ProcessMemory.bound()
    let logger = logging.logger("gatehouse")
    // Signals first: threads inherit what their maker blocks.
    let main = try ServingLoop(logger)
    let registry = MetricRegistry()
    ProcessMetrics.register(in: registry)

    let cluster = try decisions.cluster()
    let decider = try decisions.decider(cluster.store)
    for problem in decider.problems { logger.warning("\(problem)") }
    let handlers = decider.admission.handlers { AdmissionStatistics(registry, path: $0.rawValue) }
    // Before anything is made: a wrong path leaves nothing behind.
    let clientAuthorities = try options.clientCa.map { path throws(InputError) in
      try FileText.read(path, limit: 1 << 20)
    }
    let certificates = try ServingCertificates.open(options.certDir, logger)
    let security = ServerSecurity(
      certificatePEM: certificates.certificatePEM, keyPEM: certificates.keyPEM, clientAuthoritiesPEM: clientAuthorities)
    let server = try start(handlers, security, registry, logger)
    let scaler = try startScaler(cluster.store, registry)

    let objects = ObjectsReload(cluster, registry, logger).start(on: main.loop)
    let pair = CertificateReload(certificates.files, showing: certificates.identity, server.server, registry, logger)
    let swap = pair.start(on: main.loop)
    ProcessMemory.forgetStart()
    let authority = FileText.exists(certificates.files.authority) ? certificates.files.authority : "-"
    Terminal.line("ready https=\(server.https) health=\(server.health) ca=\(authority) scaler=\(scaler.address)")
    try main.run([server.server, scaler.server], grace: .seconds(options.drainGrace)) {
      objects.look()
      swap.look()
    }
  }

  private struct Started {
    let server: Server
    let https: String
    let health: String
  }

  private func startScaler(
    _ store: ObjectStore, _ registry: MetricRegistry
  ) throws -> (server: ScalerServer, address: String) {
    do {
      let server = try ScalerServer(store: store, bind: options.scalerAddress, registry: registry)
      return (server, try server.start())
    } catch {
      throw CommandFailure("\(error)\(error.code == .system ? "; choose another --scaler-port" : "")")
    }
  }

  private func start(
    _ handlers: [AdmissionHandler], _ security: ServerSecurity, _ registry: MetricRegistry, _ logger: Logger
  ) throws -> Started {
    let readiness = Readiness()
    do {
      let server = try Server(
        [
          Endpoint(options.webhookAddress, security: security, router: AdmissionRouter.make(handlers, logger)),
          Endpoint(
            options.healthAddress, spread: .oneLoop, router: HealthRouter.make(registry, isReady: { readiness.isReady })
          ),
        ], threads: options.threads, name: "admission")
      readiness.watch(server)
      ServerMetrics.register(server, in: registry)
      let addresses = try server.start()
      return Started(server: server, https: addresses[0], health: addresses[1])
    } catch {
      throw CommandFailure("\(error)\(error.code == .system ? "; choose another --bind-address or port" : "")")
    }
  }
}
