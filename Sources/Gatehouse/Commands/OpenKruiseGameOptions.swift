import ArgumentParser
import Logging

/// Flags of OpenKruiseGame's manager that this one has under other names, so that its Deployments start this program too.
struct OpenKruiseGameOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Serve /metrics here as well; 0 leaves it to the port of the probes alone.", valueName: "host:port"),
    transform: BindAddress.parse)
  var metricsBindAddress: BindAddress?

  @Option(
    help: ArgumentHelp(
      "Serve probes and metrics here, whatever --health-port says; 0 leaves a free port of this machine alone.",
      valueName: "host:port"),
    transform: BindAddress.parse)
  var healthProbeBindAddress: BindAddress?

  @Option(
    help: ArgumentHelp("Serve the external scaler here, whatever --scaler-port says.", valueName: "host:port"),
    transform: BindAddress.parse)
  var scaleServerBindAddress: BindAddress?

  @Flag(inversion: .prefixedNo, help: "The same as --webhook-registration managed, or none.")
  var enableCertGeneration: Bool?

  @Option(
    help: ArgumentHelp(
      "Look at every object again each time that this has passed, a Go duration such as 10m; others are logged and ignored.",
      valueName: "duration"))
  var syncPeriod: String?

  @OptionGroup var zap: ZapOptions
  @OptionGroup var unused: UnusedOptions

  func validate() throws {
    guard scaleServerBindAddress != .off else {
      throw ValidationError("--scale-server-bind-address takes HOST:PORT or :PORT, not 0.")
    }
  }

  /// Tells of what these flags ask for and do not get.
  ///
  /// - Parameter format: what `--log-format` says.
  func tell(_ logger: Logger, format: LoggingOptions.Format?) {
    unused.tell(logger)
    if let encoder = zap.zapEncoder, let format, encoder.format != format.format {
      logger.warning(
        "a flag has no effect", metadata: ["flag": "--zap-encoder", "reason": "--log-format is given, and goes first"])
    }
  }

  /// Puts the addresses of these flags in the place of the others.
  ///
  /// - Parameter host: where everything listens that names no host.
  func readdress(_ serving: inout ServingSettings, host: String) {
    switch healthProbeBindAddress {
    case .off?: serving.health = "127.0.0.1:0"
    case let address?: serving.health = address.text(host: host) ?? serving.health
    case nil: break
    }
    if let scaler = scaleServerBindAddress?.text(host: host) { serving.scaler = scaler }
    // One listener serves both where the port is the same; 0 is another free one each time.
    guard let metrics = metricsBindAddress, let port = metrics.port else { return }
    if port == 0 || !serving.health.hasSuffix(":\(port)") { serving.metrics = metrics.text(host: host) }
  }

  /// How often every object is looked at again; nil for never.
  func resync(_ logger: Logger) -> Duration? {
    guard let syncPeriod else { return nil }
    guard let period = Duration(goDuration: syncPeriod), period >= .seconds(1) else {
      logger.warning(
        "--sync-period is ignored: it takes a Go duration of a second or more",
        metadata: ["sync_period": "\(syncPeriod)"])
      return nil
    }
    return period
  }
}
