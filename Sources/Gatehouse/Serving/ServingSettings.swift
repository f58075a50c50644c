/// Where and how the ports of a process are opened.
struct ServingSettings: Sendable {
  /// `host:port` of the HTTPS port for reviews.
  var admission = "127.0.0.1:0"
  /// `host:port` of the plain port for probes and metrics.
  var health = "127.0.0.1:0"
  /// `host:port` of a second plain port, for metrics only; nil for none.
  var metrics: String?
  /// `host:port` of the external scaler.
  var scaler = "127.0.0.1:0"
  /// The authorities of client certificates; nil asks for none.
  var clientAuthoritiesPEM: [UInt8]?
  /// Threads that serve reviews; nil is one for each processor.
  var threads: Int?
  /// How long connections are still taken once the end has begun.
  var grace = Duration.seconds(5)
}

/// Where the ports of a process are, once they are open.
struct ServingAddresses: Sendable, Equatable {
  /// `host:port` of the HTTPS port for reviews.
  let https: String
  /// `host:port` of the plain port.
  let health: String
  /// `host:port` of the external scaler.
  let scaler: String
  /// `host:port` of the plain port for metrics only; nil where there is none.
  var metrics: String?

  /// The line that says that the process can be used.
  ///
  /// - Parameter authority: the file of the authority that clients trust; nil where there is none.
  func readyLine(authority: String?) -> String {
    let line = "ready https=\(https) health=\(health) ca=\(authority ?? "-") scaler=\(scaler)"
    return metrics.map { "\(line) metrics=\($0)" } ?? line
  }
}
