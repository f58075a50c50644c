import ArgumentParser
import Controllers
import EventLoop
import Kubernetes
import Logging
import TLS
import Telemetry

/// `gatehouse manager`: the whole product in one process, against a cluster.
struct ManagerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manager",
    abstract: "Run the controllers, admission and the scaler against a cluster.",
    discussion: """
      Every replica answers reviews and the scaler from what it watches; the one that holds the lease runs the controllers. \
      Prints one line to standard output once reviews are welcome, `ready https=HOST:PORT health=HOST:PORT ca=PATH \
      scaler=HOST:PORT`, with `metrics=HOST:PORT` where metrics have a port of their own; logs go to standard error. SIGTERM ends it in order: reviews in flight are answered, the queues \
      run empty, the lease is released.

      The variables NETWORK_TOTAL_WAIT_TIME and NETWORK_PROBE_INTERVAL_TIME (seconds), POD_NAMESPACE and POD_NAME are honoured.

      Examples:
        gatehouse manager
        gatehouse manager --kubeconfig ~/.kube/config --webhook-url https://192.0.2.7:9876 --bind-address 0.0.0.0
      """)

  @OptionGroup(title: "Cluster") var cluster: ClusterOptions
  @OptionGroup(title: "Work") var options: ManagerOptions
  @OptionGroup(title: "Decisions") var policy: PolicyOptions
  @OptionGroup(title: "Listening") var listening: ListeningOptions
  @OptionGroup(title: "Logs") var logging: LoggingOptions
  @OptionGroup(title: "Traces") var tracing: TracingOptions
  @OptionGroup(title: "Flags of OpenKruiseGame's manager") var okg: OpenKruiseGameOptions

  func validate() throws {
    guard let explicit = options.webhookRegistration, let implied = impliedRegistration else { return }
    guard explicit == implied else {
      throw ValidationError(
        "--enable-cert-generation means --webhook-registration \(implied), and --webhook-registration \(explicit) is given too."
      )
    }
  }

  /// Who registers the webhooks, by OpenKruiseGame's flag; nil where it is not given.
  private var impliedRegistration: RegistrationMode? { okg.enableCertGeneration.map { $0 ? .managed : .none } }

  func run() throws {
    let environment = ProcessEnvironment.read()
    ProcessMemory.bound()
    let logger = logging.logger("gatehouse", okg.zap.usual)
    okg.tell(logger, format: logging.logFormat)
    // Signals first: threads inherit what their maker blocks.
    let main = try ServingLoop(logger)
    let registry = MetricRegistry()
    ProcessMetrics.register(in: registry)

    let registration = options.webhookRegistration ?? impliedRegistration ?? .managed
    let files = registration == .none ? try ServingCertificates.open(listening.certDir, logger) : nil
    let settings = try settings(environment, files, logger)
    let replica = Replica(settings, registry, logger)
    let swap = files.map { files in
      let shown = ShownCertificate(files.identity, replica.servingPorts, registry, logger)
      return CertificateReload(files.files, shown, registry, logger).start(on: main.loop)
    }
    let outcome = SimulationOutcome()
    let life = Task { [end = main.end] in
      do throws(CommandFailure) {
        try await replica.run { addresses in
          ProcessMemory.forgetUnused()
          Terminal.line(addresses.readyLine(authority: files?.authority))
        }
      } catch {
        outcome.fail("\(error)")
      }
      end.set()
    }
    MemoryRelease(on: main.loop).start()
    try main.run(
      drain: { signal in replica.stop(grace: signal == .interrupt ? .zero : settings.serving.grace) },
      hangUp: { swap?.look() })
    _ = consume life
    if let failure = outcome.failure { throw CommandFailure(failure) }
  }

  private func settings(
    _ environment: [String: String], _ files: ServingCertificates?, _ logger: Logger
  ) throws -> ReplicaSettings {
    let cluster = try cluster.cluster(environment)
    let address = cluster.isInside ? "0.0.0.0" : "127.0.0.1"
    var serving = try listening.settings(defaultAddress: address)
    okg.readdress(&serving, host: listening.host(defaultAddress: address))
    let namespace = options.ownNamespace(environment, cluster)
    let pod = environment.firstValue("OKG_POD_NAME", "POD_NAME", "HOSTNAME") ?? "gatehouse"
    return ReplicaSettings(
      client: cluster.configuration, serving: serving,
      policy: try policy.policy(fallbackConfig: PolicyOptions.mountedProviderConfig),
      registration: files.map { .none($0.identity) } ?? .managed(options.address(namespace: namespace)),
      election: options.election, namespace: namespace, watchedNamespace: options.namespace, instance: pod,
      setWorkers: options.gameserversetWorkers, serverWorkers: options.gameserverWorkers,
      resync: okg.resync(logger), stateNews: options.plannedEvents ? .everything : .surprises,
      patience: try NetworkPatience(environment), tracing: tracing.settings(environment, logger),
      environment: environment)
  }
}
