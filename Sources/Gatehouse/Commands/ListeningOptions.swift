import ArgumentParser
import EventLoop
import TLS

/// Where a server listens, with which certificates and threads; the same for `serve` and `manager`.
struct ListeningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The IP address to listen on; 0.0.0.0 is every IPv4 interface, :: every interface.",
      discussion: "Default: 127.0.0.1, and 0.0.0.0 for a manager that runs in a cluster.", valueName: "ip"))
  var bindAddress: String?

  @Option(
    help: ArgumentHelp("The HTTPS port for admission reviews; 0 picks a free one.", valueName: "port"),
    transform: PortNumber.parse)
  var webhookPort: UInt16 = 9876

  @Option(
    help: ArgumentHelp(
      "The plain HTTP port for /healthz, /readyz, /metrics and /version; 0 picks a free one.", valueName: "port"),
    transform: PortNumber.parse)
  var healthPort: UInt16 = 8082

  @Option(
    help: ArgumentHelp(
      "The plain gRPC port of the external scaler for KEDA; 0 picks a free one (default: 6000, or 0 as --webhook-port is).",
      valueName: "port"),
    transform: PortNumber.parse)
  var scalerPort: UInt16?

  @Option(
    name: [.customLong("cert-dir"), .customLong("webhook-server-certs-dir")],
    help: ArgumentHelp(
      "The folder with tls.crt and tls.key; read again when they change.",
      discussion:
        "A folder without a pair gets one made, and ca.crt for clients to trust. A manager that registers its webhooks takes the pair of the shared Secret instead.",
      valueName: "dir"))
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
    if let bindAddress, bindAddress.isEmpty || (try? SocketAddress("\(host(defaultAddress: "")):0")) == nil {
      throw ValidationError("--bind-address takes an IP address such as 0.0.0.0 or ::1, not '\(bindAddress)'.")
    }
    guard !certDir.isEmpty else { throw ValidationError("--cert-dir takes a folder, not an empty text.") }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads takes 1 to 256, not \(threads).")
    }
    guard (0...600).contains(drainGrace) else {
      throw ValidationError("--drain-grace takes 0 to 600 seconds, not \(drainGrace).")
    }
  }

  /// The host of the ports; an IPv6 address is in brackets.
  func host(defaultAddress: String) -> String {
    let address = bindAddress ?? defaultAddress
    return address.contains(":") ? "[\(address)]" : address
  }

  /// What the ports are opened with.
  ///
  /// - Parameter defaultAddress: the IP address to listen on where none is given.
  func settings(defaultAddress: String = "127.0.0.1") throws(InputError) -> ServingSettings {
    let host = host(defaultAddress: defaultAddress)
    let authorities: [UInt8]? = if let clientCa { try Self.authorities(in: clientCa) } else { nil }
    return ServingSettings(
      admission: "\(host):\(webhookPort)", health: "\(host):\(healthPort)",
      // Who asks for any free port for reviews has no use for a fixed one here.
      scaler: "\(host):\(scalerPort ?? (webhookPort == 0 ? 0 : 6000))", clientAuthoritiesPEM: authorities,
      threads: threads, grace: .seconds(drainGrace))
  }

  /// The file of `--client-ca`, which has to hold certificates.
  private static func authorities(in file: String) throws(InputError) -> [UInt8] {
    let pem = try FileText.read(file, limit: 1 << 20)
    do throws(TLSError) {
      _ = try Certificate.all(pem: pem)
    } catch {
      throw InputError(
        file, "cannot be the --client-ca: \(error); it takes the certificates of authorities in PEM form")
    }
    return pem
  }
}
