/// How a method answers.
enum GRPCBehaviour: Sendable {
  /// One request, one answer, at once.
  case unary(@Sendable ([UInt8]) throws(GRPCStatus) -> [UInt8])
  /// One request, an answer now and after every change, until the client or its deadline ends the call.
  case watch(@Sendable ([UInt8]) throws(GRPCStatus) -> any Watched)
  /// Any number of requests, each with one answer at once.
  case exchange(@Sendable ([UInt8]) throws(GRPCStatus) -> [UInt8])
}

/// Something whose state a client follows.
protocol Watched: AnyObject {
  /// Begins to call back after changes, from any thread.
  func begin(_ changed: @escaping @Sendable () -> Void)
  /// The message of the state now; nil where it is what was last told, or not known.
  /// - Throws: The status that ends the call.
  func next() throws(GRPCStatus) -> [UInt8]?
  /// How long after the last look to look again though nothing called back; nil for never.
  var recheck: Duration? { get }
  /// Ends the calls back.
  func cancel()
}

/// A method with its name and its counters.
struct GRPCMethod: Sendable {
  /// The request path, such as `/grpc.health.v1.Health/Check`.
  let path: String
  let behaviour: GRPCBehaviour
  let statistics: MethodStatistics

  init(_ path: String, _ metrics: ScalerMetrics, _ behaviour: GRPCBehaviour) {
    self.path = path
    self.behaviour = behaviour
    statistics = metrics.method(path)
  }
}

/// The methods that are served.
struct GRPCMethods: Sendable {
  private let methods: [String: GRPCMethod]
  private let services: Set<String>

  init(_ methods: [GRPCMethod]) {
    self.methods = Dictionary(methods.map { ($0.path, $0) }) { first, _ in first }
    services = Set(methods.compactMap { $0.path.split(separator: "/").first.map(String.init) })
  }

  /// The method of a path.
  /// - Throws: `UNIMPLEMENTED` that says whether the service or the method is unknown.
  func method(_ path: String) throws(GRPCStatus) -> GRPCMethod {
    if let method = methods[path] { return method }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty, services.contains(String(parts[1])) else {
      throw GRPCStatus(.unimplemented, "unknown service in \(path.prefix(200))")
    }
    throw GRPCStatus(.unimplemented, "unknown method in \(path.prefix(200))")
  }
}
