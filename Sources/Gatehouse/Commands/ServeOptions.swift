import ArgumentParser

/// Where `serve` listens, with which certificates and threads.
struct ServeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The IP address to listen on; 0.0.0.0 is every IPv4 interface, :: every interface.", valueName: "ip"))
  var bindAddress = "127.0.0.1"

  @Option(help: ArgumentHelp("The HTTPS port for admission reviews; 0 picks a free one.", valueName: "port"))
  var webhookPort: UInt16 = 9876

  @Option(
    help: ArgumentHelp(
      "The plain HTTP port for /healthz, /readyz, /metrics and /version; 0 picks a free one.", valueName: "port"))
  var healthPort: UInt16 = 8082

  @Option(
    help: ArgumentHelp(
      "The plain gRPC port of the external scaler for KEDA; 0 picks a free one (default: 6000, or 0 as --webhook-port is).",
      valueName: "port"))
  var scalerPort: UInt16?

  @Option(
    help: ArgumentHelp(
      "The folder with tls.crt and tls.key; read again when they change.",
      discussion: "A folder without a pair gets one made, and ca.crt for clients to trust.", valueName: "dir"))
  var certDir = "/tmp/gatehouse-certs"

  @Option(
    help: ArgumentHelp(
      "A PEM file of authorities; clients must then show a certificate signed by one of them.", valueName: "file"))
  var clientCa: String?

  @Option(help: ArgumentHelp("How many threads serve (default: one for each processor).", valueName: "count"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "How many seconds connections are still taken after SIGTERM, so that Kubernetes notices.", valueName: "seconds"))
  var drainGrace: Double = 5

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads takes 1 to 256, not \(threads).")
    }
    guard (0...600).contains(drainGrace) else {
      throw ValidationError("--drain-grace takes 0 to 600 seconds, not \(drainGrace).")
    }
  }

  /// `host:port` of the HTTPS port.
  var webhookAddress: String { "\(host):\(webhookPort)" }
  /// `host:port` of the scaler; who asks for any free port for reviews has no use for a fixed one here.
  var scalerAddress: String { "\(host):\(scalerPort ?? (webhookPort == 0 ? 0 : 6000))" }
  /// `host:port` of the plain port.
  var healthAddress: String { "\(host):\(healthPort)" }

  private var host: String { bindAddress.contains(":") ? "[\(bindAddress)]" : bindAddress }
}
