import Admission
import ArgumentParser
import EventLoop
import GameAdmission
import Logging
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
  @OptionGroup(title: "Listening") var listening: ListeningOptions
  @OptionGroup(title: "Logs") var logging: LoggingOptions
  @OptionGroup(title: "Traces") var tracing: TracingOptions

  func run() throws {
    let environment = ProcessEnvironment.read()
    ProcessMemory.bound()
    let logger = logging.logger("gatehouse")
    // Signals first: threads inherit what their maker blocks.
    let main = try ServingLoop(logger)
    let registry = MetricRegistry()
    ProcessMetrics.register(in: registry)

    let cluster = try decisions.cluster()
    let decider = try decisions.decider(cluster.store)
    for problem in decider.problems { logger.warning("\(problem)") }
    let traces = tracing.settings(environment, logger).map { TraceWork($0, registry, logger) }
    let handlers = decider.admission.handlers(tracer: traces?.tracer) {
      AdmissionStatistics(registry, path: $0.rawValue)
    }
    // Before anything is made: a wrong path leaves nothing behind.
    let settings = try listening.settings()
    let certificates = try ServingCertificates.open(listening.certDir, logger)
    let ports = ServingPorts(settings, Readiness([.reviews]), registry, logger)
    let addresses = ServingAddresses(
      https: try ports.openAdmission(handlers, certificates.identity), health: try ports.openHealth(),
      scaler: try ports.openScaler(cluster.store))

    let objects = ObjectsReload(cluster, registry, logger).start(on: main.loop)
    let shown = ShownCertificate(certificates.identity, ports, registry, logger)
    let swap = CertificateReload(certificates.files, shown, registry, logger).start(on: main.loop)
    let delivery = traces.map { traces in Task { await traces.run() } }
    ProcessMemory.forgetUnused()
    Terminal.line(addresses.readyLine(authority: certificates.authority))
    try main.run(ports, grace: settings.grace) {
      objects.look()
      swap.look()
    }
    traces?.close()
    if let delivery { try AsyncWork.run { await delivery.value } }
  }
}
