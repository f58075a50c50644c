import JSON
import Kubernetes
import SimulatedCluster
import TestSupport

@testable import Scaler

/// KEDA and the HPA that it makes, as they act on one set: everything they know of it they ask the scaler for, over gRPC.
///
/// Every 15 s the HPA wants `ceil(metric / target)` replicas, unless that is within a tenth of what there is (its tolerance); it scales out at
/// once, and in by the largest wish of the last 45 s. KEDA takes an inactive set down to nothing after its cooldown of 5 minutes, and an
/// active one up to one server.
final class KedaLoop {
  /// The scaler answers with nothing in it.
  struct Empty: Error {}

  private static let service = "/externalscaler.ExternalScaler/"
  private static let cooldown = Duration.seconds(300)

  private let harness: Harness
  private let server: ScalerServer
  private let wire: GRPCWire
  private let key: NamespacedName
  private let reference: Externalscaler_ScaledObjectRef
  private let replicas: ClosedRange<Int>
  private let target: Double
  private var wishes: [Int] = []
  private var lastActive: Timestamp
  /// How many calls were answered.
  private(set) var calls = 0

  init(
    _ harness: Harness, _ key: NamespacedName, _ metadata: [String: String], replicas: ClosedRange<Int>
  ) throws {
    let clock = harness.clock
    server = try ScalerServer(store: harness.store, bind: "127.0.0.1:0") { clock.now() }
    wire = try GRPCWire(try server.start())
    self.harness = harness
    self.key = key
    self.replicas = replicas
    lastActive = clock.now()
    var reference = Externalscaler_ScaledObjectRef()
    (reference.name, reference.namespace, reference.scalerMetadata) = (key.name, key.namespace, metadata)
    self.reference = reference
    let spec = try Externalscaler_GetMetricSpecResponse(
      request: wire.call(Self.service + "GetMetricSpec", reference.answer()))
    guard let first = spec.metricSpecs.first else { throw Empty() }
    target = first.targetSizeFloat
  }

  /// Ends the scaler.
  func stop() { server.stop() }

  /// Asks once and does what follows.
  /// - Returns: By how many replicas the set was changed; nil for not at all.
  @discardableResult
  func poll() async throws -> Int? {
    guard let current = harness.set()?.replicas, let wanted = try wanted(current) else { return nil }
    try await harness.patchSet(key.name, ["spec": ["replicas": .int(wanted)]])
    return wanted - current
  }

  private func wanted(_ current: Int) throws -> Int? {
    let now = harness.clock.now()
    if try isActive() { lastActive = now }
    guard current > 0 else { return lastActive == now ? max(1, replicas.lowerBound) : nil }
    if replicas.lowerBound == 0, lastActive + Self.cooldown <= now { return 0 }
    let value = try metric()
    let isClose = abs(value / (target * Double(current)) - 1) <= 0.1
    let wish = isClose ? current : Int((value / target).rounded(.up))
    // The HPA itself never goes below one.
    let clamped = min(max(wish, replicas.lowerBound, 1), replicas.upperBound)
    // Before the first answer the set was as it should be.
    if wishes.isEmpty { wishes = [current, current] }
    wishes = wishes.suffix(2) + [clamped]
    let stable = max(clamped, min(wishes.max() ?? clamped, current))
    return stable == current ? nil : stable
  }

  private func isActive() throws -> Bool {
    calls += 1
    return try Externalscaler_IsActiveResponse(request: wire.call(Self.service + "IsActive", reference.answer())).result
  }

  private func metric() throws -> Double {
    var request = Externalscaler_GetMetricsRequest()
    (request.scaledObjectRef, request.metricName) = (reference, "gssReplicas")
    let response = try Externalscaler_GetMetricsResponse(
      request: wire.call(Self.service + "GetMetrics", request.answer()))
    calls += 1
    guard let value = response.metricValues.first else { throw Empty() }
    return value.metricValueFloat
  }
}
