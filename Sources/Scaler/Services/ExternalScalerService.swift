internal import Kubernetes

/// KEDA's service: whether a set is active, and how many replicas it should have.
struct ExternalScalerService: Sendable {
  /// The metric's name; a client's own name for it is ignored, as OpenKruiseGame does.
  static let metricName = "gssReplicas"

  let index: SetIndex
  /// Tells the wall-clock time, for schedules.
  let clock: @Sendable () -> Timestamp

  func methods(_ metrics: ScalerMetrics) -> [GRPCMethod] {
    let service = "/externalscaler.ExternalScaler"
    return [
      GRPCMethod("\(service)/IsActive", metrics, .unary { bytes throws(GRPCStatus) in try isActive(bytes) }),
      GRPCMethod(
        "\(service)/StreamIsActive", metrics, .watch { bytes throws(GRPCStatus) in try streamIsActive(bytes) }),
      GRPCMethod("\(service)/GetMetricSpec", metrics, .unary { bytes throws(GRPCStatus) in try metricSpec(bytes) }),
      GRPCMethod("\(service)/GetMetrics", metrics, .unary { bytes throws(GRPCStatus) in try getMetrics(bytes) }),
    ]
  }

  private func isActive(_ bytes: [UInt8]) throws(GRPCStatus) -> [UInt8] {
    let scaled = try ScaledSet(Externalscaler_ScaledObjectRef(request: bytes))
    let snapshot = try scaled.snapshot(index)
    guard let isActive = Activity.isActive(scaled.trigger, snapshot, at: clock()) else {
      throw GRPCStatus(.failedPrecondition, "GameServerSet \(scaled.key) has not inited")
    }
    var response = Externalscaler_IsActiveResponse()
    response.result = isActive
    return try response.answer()
  }

  private func streamIsActive(_ bytes: [UInt8]) throws(GRPCStatus) -> any Watched {
    try WatchedActivity(ScaledSet(Externalscaler_ScaledObjectRef(request: bytes)), index, clock)
  }

  private func metricSpec(_ bytes: [UInt8]) throws(GRPCStatus) -> [UInt8] {
    _ = try Externalscaler_ScaledObjectRef(request: bytes)
    var spec = Externalscaler_MetricSpec()
    spec.metricName = Self.metricName
    // A target of 1 makes the metric's value the number of replicas.
    spec.targetSize = 1
    spec.targetSizeFloat = 1
    var response = Externalscaler_GetMetricSpecResponse()
    response.metricSpecs = [spec]
    return try response.answer()
  }

  private func getMetrics(_ bytes: [UInt8]) throws(GRPCStatus) -> [UInt8] {
    let request = try Externalscaler_GetMetricsRequest(request: bytes)
    let scaled = try ScaledSet(request.scaledObjectRef)
    let decision = ScalingDecision(scaled.trigger, try scaled.snapshot(index), at: clock())
    var value = Externalscaler_MetricValue()
    value.metricName = Self.metricName
    value.metricValue = Int64(decision.value)
    value.metricValueFloat = Double(decision.value)
    var response = Externalscaler_GetMetricsResponse()
    response.metricValues = [value]
    return try response.answer()
  }
}
