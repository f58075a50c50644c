/// `grpc.health.v1.Health`: whether the scaler answers, for probes and for clients that choose among replicas.
struct HealthService: Sendable {
  typealias Status = Grpc_Health_V1_HealthCheckResponse.ServingStatus

  /// The services that are asked about; an empty name is the server as a whole.
  private static let known: Set<String> = ["", "externalscaler.ExternalScaler", "grpc.health.v1.Health"]

  let isServing: @Sendable () -> Bool

  func methods(_ metrics: ScalerMetrics) -> [GRPCMethod] {
    [
      GRPCMethod("/grpc.health.v1.Health/Check", metrics, .unary { bytes throws(GRPCStatus) in try check(bytes) }),
      GRPCMethod(
        "/grpc.health.v1.Health/Watch", metrics,
        .watch { bytes throws(GRPCStatus) in
          WatchedHealth(self, try Grpc_Health_V1_HealthCheckRequest(request: bytes).service)
        }),
    ]
  }

  private func check(_ bytes: [UInt8]) throws(GRPCStatus) -> [UInt8] {
    let service = try Grpc_Health_V1_HealthCheckRequest(request: bytes).service
    guard let status = status(service) else {
      throw GRPCStatus(.notFound, "unknown service \(service.prefix(200))")
    }
    return try Self.answer(status)
  }

  fileprivate func status(_ service: String) -> Status? {
    guard Self.known.contains(service) else { return nil }
    return isServing() ? .serving : .notServing
  }

  fileprivate static func answer(_ status: Status) throws(GRPCStatus) -> [UInt8] {
    var response = Grpc_Health_V1_HealthCheckResponse()
    response.status = status
    return try response.answer()
  }
}

/// The health of a service, followed by a client; an unknown service is told as such and followed all the same.
private final class WatchedHealth: Watched {
  private let health: HealthService
  private let service: String
  private var told: HealthService.Status?

  init(_ health: HealthService, _ service: String) {
    self.health = health
    self.service = service
  }

  func begin(_ changed: @escaping @Sendable () -> Void) {}

  func next() throws(GRPCStatus) -> [UInt8]? {
    let status = health.status(service) ?? .serviceUnknown
    guard status != told else { return nil }
    told = status
    return try HealthService.answer(status)
  }

  /// Health changes twice in a process's life; nothing calls back for that.
  var recheck: Duration? { .seconds(1) }

  func cancel() {}
}
